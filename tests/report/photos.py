"""Hand-made results, so that reports can be tested without models."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from posecheck.results import HandResult, Level, PhotoResult, RuleStatus, Status, TwoHandReading

SHA = "3f" * 32


def hand(
    gesture: str = "none",
    probability: float = 0.97,
    box: tuple[float, float, float, float] = (100, 100, 180, 200),
    risk: float = 2.0,
    numbers: tuple[int, ...] = (),
    rule: RuleStatus = RuleStatus.ALLOWED,
    alternatives: tuple[tuple[str, float], ...] = (),
    partner: int | None = None,
) -> HandResult:
    x0, y0, x1, y1 = box
    steps = np.linspace(0, 1, 21, dtype=np.float32)[:, None]
    corners = np.array([[x0, y0], [x1, y1]], np.float32)
    return HandResult(
        box_xyxy=np.array(box, np.float32),
        landmarks_xy=corners[0] + steps * (corners[1] - corners[0]),
        presence=0.98,
        gesture=gesture,
        probability=probability,
        alternatives=alternatives,
        numbers=numbers,
        rule=rule,
        risk=risk,
        partner=partner,
    )


def peace(box: tuple[float, float, float, float] = (120, 90, 200, 210)) -> HandResult:
    return hand("peace", 0.94, box, 94.0, (2,), RuleStatus.FORBIDDEN, (("two_up", 0.04),))


def thumb(box: tuple[float, float, float, float] = (900, 500, 960, 580)) -> HandResult:
    return hand(
        "thumb_up", 0.71, box, 71.0, (1,), RuleStatus.FORBIDDEN, (("fist", 0.2), ("none", 0.06))
    )


def photo(
    *hands: HandResult, risk: float = 0.0, level: Level = Level.NONE, path: str = "foto.jpg"
) -> PhotoResult:
    return PhotoResult(
        path=path,
        sha256=SHA,
        status=Status.CHECKED,
        width=1600,
        height=1200,
        captured_at=datetime(2024, 1, 20, 9, 30, 5),
        risk=risk,
        level=level,
        hands=hands,
        smallest_hand=20.0,
        contest="generic",
        rules="strict",
        models=(("palm_detection", "0123456789ab"), ("gesture", "ba9876543210")),
        elapsed_ms=812.34,
    )


def clean(n: int = 14, path: str = "rapat.jpg") -> PhotoResult:
    hands = [hand(box=(100.0 * i, 400, 100.0 * i + 60, 480)) for i in range(n)]
    return photo(*hands, risk=3.0, level=Level.NONE, path=path)


def group(path: str = "apel pagi.jpg") -> PhotoResult:
    """Two signs that make 3 together, a fist, and ordinary hands."""
    rest = [hand(box=(200.0 + 80 * i, 700, 250.0 + 80 * i, 760)) for i in range(11)]
    fist = hand("fist", 0.9, (1200, 900, 1290, 990))
    result = photo(peace(), thumb(), fist, *rest, risk=98.2, level=Level.HIGH, path=path)
    return replace(result, readings=(TwoHandReading((0, 1), 3, "sum", 0.667),))


def unchecked(status: Status = Status.UNREADABLE, path: str = "rusak.jpg") -> PhotoResult:
    return PhotoResult(
        path=path,
        sha256="",
        status=status,
        reason="the JPEG data is cut short; copy the file again",
        contest="generic",
        rules="strict",
    )


def stage(n: int = 105) -> PhotoResult:
    """A crowd that all makes one sign."""
    hands = [
        hand("pistol", 0.8, (15.0 * i, 600, 15.0 * i + 14, 640), 80.0, (2,), RuleStatus.FORBIDDEN)
        for i in range(n)
    ]
    return photo(*hands, risk=100.0, level=Level.HIGH, path="panggung.jpg")


def heart() -> PhotoResult:
    """A two-hand heart under rules that forbid it."""
    left = hand("two_hand_heart", 0.9, (600, 200, 700, 300), 72.0, (), RuleStatus.FORBIDDEN)
    right = replace(left, box_xyxy=np.array([700, 200, 800, 300], np.float32), partner=0)
    return photo(replace(left, partner=1), right, risk=72.0, level=Level.MEDIUM, path="hati.jpg")


def doubtful() -> PhotoResult:
    """An ordinary hand that may be a sign, and nothing clearer."""
    one = hand("none", 0.6, (700, 500, 800, 620), 38.0, alternatives=(("peace", 0.37),))
    return photo(one, hand(), risk=38.0, level=Level.LOW, path="ragu.jpg")


def faint() -> PhotoResult:
    """A sign too weak to count."""
    one = hand("palm", 0.3, (700, 500, 800, 620), 19.0, (5,), RuleStatus.DISPUTED)
    return photo(one, hand(), risk=19.0, level=Level.NONE, path="samar.jpg")


def small(
    gesture: str = "none",
    probability: float = 0.6,
    box: tuple[float, float, float, float] = (100, 100, 118, 121),
    risk: float = 24.0,
    numbers: tuple[int, ...] = (),
    alternatives: tuple[tuple[str, float], ...] = (("peace", 0.3), ("one", 0.06)),
) -> HandResult:
    """A hand too small to read."""
    plain = hand(gesture, probability, box, risk, numbers, alternatives=alternatives)
    return replace(plain, unclear=True, effective_size=14.3)


def unclear() -> PhotoResult:
    """Nothing but ordinary hands and one that cannot be told, which may be a sign."""
    return photo(small(), hand(), hand(), risk=24.0, level=Level.LOW, path="jauh.jpg")


def unread() -> PhotoResult:
    """Nothing found, and two hands that cannot be told."""
    small_hands = [small(risk=12.0), small(box=(800, 600, 818, 621), risk=12.0)]
    return photo(*small_hands, hand(), hand(), risk=12.0, path="buram.jpg")


def everything() -> list[PhotoResult]:
    """One result of every kind."""
    return [
        group(),
        clean(),
        photo(path="kosong.jpg"),
        stage(),
        heart(),
        doubtful(),
        faint(),
        unclear(),
        unread(),
        *(unchecked(status) for status in Status if status is not Status.CHECKED),
    ]
