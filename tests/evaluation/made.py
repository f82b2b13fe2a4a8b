"""Hand-made labels and results with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecheck.evaluation.labels import CropLabel, GroupLabel, HandLabel, Labels
from posecheck.evaluation.pairing import Reading
from posecheck.results import HandResult, PhotoResult, RuleStatus, Status
from posecheck.risk.formula import level_of

Box = tuple[float, float, float, float]


def square(x: float, y: float, side: float = 50.0) -> Box:
    return (x, y, x + side, y + side)


def hand(
    gesture: str = "none",
    probability: float = 0.9,
    risk: float = 0.0,
    box: Box = (0.0, 0.0, 50.0, 50.0),
    presence: float = 0.9,
) -> HandResult:
    return HandResult(
        box_xyxy=np.array(box, np.float32),
        landmarks_xy=np.zeros((21, 2), np.float32),
        presence=presence,
        gesture=gesture,
        probability=probability,
        alternatives=(),
        numbers=(),
        rule=RuleStatus.FORBIDDEN if risk else RuleStatus.ALLOWED,
        risk=risk,
    )


def checked(
    *hands: HandResult,
    path: str = "x.jpg",
    risk: float | None = None,
    size: tuple[int, int] = (0, 0),
) -> PhotoResult:
    score = max((h.risk for h in hands), default=0.0) if risk is None else risk
    return PhotoResult(
        path=path,
        sha256="ab" * 32,
        status=Status.CHECKED,
        width=size[0],
        height=size[1],
        risk=score,
        level=level_of(score),
        hands=hands,
        smallest_hand=18.0,
        contest="generic",
        rules="strict",
        models=(("palm_detection", "0123456789ab"),),
        elapsed_ms=12.0,
    )


def unreadable(path: str = "x.jpg") -> PhotoResult:
    return PhotoResult(path, "", Status.UNREADABLE, "The file is cut short.")


def crop(file: str, gesture: str, source: str = "", person: str = "", split: str = "") -> CropLabel:
    return CropLabel(file, Path("crops") / file, gesture, source, person, split)


def label(
    gesture: str, box: Box, uncertain: bool = False, found_by: str = "", size: float | None = None
) -> HandLabel:
    side = max(box[2] - box[0], box[3] - box[1]) if size is None else size
    return HandLabel(box, gesture, uncertain, side, found_by)


def group(
    file: str,
    has_gesture: bool,
    *hands: HandLabel,
    source: str = "",
    unsure: bool = False,
    complete: bool = False,
    counted: tuple[tuple[str, int], ...] = (),
    size: tuple[int, int] = (0, 0),
) -> GroupLabel:
    return GroupLabel(
        file=file,
        path=Path("groups") / file,
        has_gesture=has_gesture,
        unsure=unsure,
        complete=complete,
        source=source,
        width=size[0],
        height=size[1],
        counted=counted,
        hands=hands,
    )


def reading(
    gesture: str, found: HandResult | None, unit: str = "u", uncertain: bool = False
) -> Reading:
    return Reading(
        photo="x.jpg",
        source="",
        unit=unit,
        label=gesture,
        size=50.0,
        hand=found,
        uncertain=uncertain,
    )


def two_sources_of_crops() -> tuple[Labels, list[PhotoResult]]:
    """Seven pictures of two sources; the answers are in test_crops.py."""
    cases = [
        ("a", "peace", hand("peace", 0.9, 90.0)),
        ("a", "peace", hand("one", 0.6, 60.0)),
        ("a", "peace", None),
        ("a", "thumb_up", hand("thumb_up", 0.8, 80.0)),
        ("b", "xsign", hand("other", 0.7)),
        ("b", "other", hand("peace", 0.5, 50.0)),
        ("b", "unclear", hand("one", 0.4, 40.0)),
    ]
    crops = tuple(crop(f"{i}.jpg", gesture, source) for i, (source, gesture, _) in enumerate(cases))
    results = [checked(*([found] if found else [])) for *_, found in cases]
    return Labels(crops), results


def four_group_photos() -> tuple[Labels, list[PhotoResult]]:
    """Four group photos; the answers are in test_groups.py."""
    stage = group(
        "stage.jpg",
        True,
        label("peace", square(0, 0), found_by="detector"),
        label("one", square(100, 0, 30), found_by="eye"),
        label("thumb_up", square(200, 0), uncertain=True),
        label("none", square(300, 0)),
        label("not_hand", square(400, 0)),
        label("half_heart", square(500, 0)),
        source="s",
        complete=True,
    )
    stage_result = checked(
        hand("peace", 0.9, 90.0, square(5, 0)),
        hand("palm", 0.4, 30.0, square(10, 0)),
        hand("one", 0.8, 80.0, square(300, 0)),
        hand("palm", 0.7, 60.0, square(400, 0)),
        hand("two_hand_heart", 0.9, 0.0, square(500, 0)),
        hand("none", 0.9, 0.0, square(800, 0)),
    )
    empty = group("empty.jpg", False, label("fist", square(0, 0)), source="t")
    empty_result = checked(
        hand("fist", 0.9, 1.0, square(0, 0)),
        hand("pistol", 0.6, 55.0, square(200, 0)),
        hand("peace", 0.7, 70.0, square(300, 0)),
    )
    calm = group("calm.jpg", False, label("other", square(0, 0)), source="t")
    calm_result = checked(hand("other", 0.8, 5.0, square(2, 2)))
    doubted = group("doubted.jpg", True, source="t", unsure=True)
    labels = Labels(groups=(stage, empty, calm, doubted))
    return labels, [stage_result, empty_result, calm_result, checked()]
