"""The poses: 21 angles for every gesture id of the project."""

from __future__ import annotations

from body import FINGERS, Array
from hand_rig import SIZES, STARTS, Hand, pose

# Fingers: (spread towards the thumb, knuckle, middle joint, end joint).
UP = {
    "index": (4.0, 2.0, 4.0, 3.0),
    "middle": (0.0, 2.0, 4.0, 3.0),
    "ring": (-4.0, 3.0, 5.0, 3.0),
    "pinky": (-9.0, 4.0, 6.0, 4.0),
}
# A folded finger stays a little short of the palm: the mesh has no collision.
DOWN = {
    "index": (1.0, 84.0, 104.0, 62.0),
    "middle": (0.0, 86.0, 106.0, 64.0),
    "ring": (1.0, 86.0, 104.0, 64.0),
    "pinky": (4.0, 84.0, 100.0, 60.0),
}
THUMB_UP = (62.0, 5.0, 0.0, 0.0, -8.0)
THUMB_OUT = (62.0, 25.0, 0.0, 2.0, 0.0)
THUMB_SIDE = (28.0, 22.0, 0.0, 15.0, 10.0)
# Across the folded fingers, as in a fist.
THUMB_ACROSS = (32.0, 52.0, 25.0, 35.0, 40.0)
THUMB_IN_PALM = (30.0, 55.0, 30.0, 45.0, 45.0)


def _hand(thumb: tuple[float, ...], up: str, **other: tuple[float, ...]) -> Array:
    letters = {"index": "I", "middle": "M", "ring": "R", "pinky": "P"}
    fingers = {n: UP[n] if c in up else DOWN[n] for n, c in letters.items()}
    return pose(thumb, **(fingers | other))


POSES: dict[str, Array] = {
    "thumb_up": _hand(THUMB_UP, ""),
    "thumb_down": _hand(THUMB_UP, ""),
    "one": _hand(THUMB_ACROSS, "I"),
    "peace": _hand(THUMB_ACROSS, "IM", index=(13, 2, 4, 3), middle=(-11, 2, 4, 3)),
    "two_up": _hand(THUMB_ACROSS, "IM", index=(-1, 2, 4, 3), middle=(0, 2, 4, 3)),
    "pistol": _hand(THUMB_OUT, "I"),
    "call": _hand(THUMB_OUT, "P", pinky=(-16, 5, 5, 4)),
    "horns_thumb": _hand(THUMB_OUT, "IP", index=(8, 2, 4, 3), pinky=(-16, 5, 6, 4)),
    "horns": _hand(THUMB_ACROSS, "IP", index=(6, 2, 4, 3), pinky=(-14, 5, 6, 4)),
    "three": _hand(THUMB_IN_PALM, "IMR", index=(11, 2, 4, 3), ring=(-13, 3, 5, 3)),
    "three_mrp": _hand(THUMB_ACROSS, "MRP", middle=(6, 2, 4, 3), pinky=(-14, 4, 6, 4)),
    "three_thumb": _hand(THUMB_OUT, "IM", index=(12, 2, 4, 3), middle=(-9, 2, 4, 3)),
    "four": _hand(THUMB_IN_PALM, "IMRP"),
    "palm": _hand(
        THUMB_OUT, "IMRP", index=(12, 0, 2, 2), ring=(-10, 0, 2, 2), pinky=(-20, 2, 3, 2)
    ),
    "fist": _hand(THUMB_ACROSS, ""),
    "pinky": _hand(THUMB_ACROSS, "P", pinky=(-12, 4, 6, 4)),
    "middle": _hand(THUMB_ACROSS, "M"),
    "ok": _hand((38, 50, 20, 15, 25), "MRP", index=(2, 48, 55, 30), ring=(-10, 5, 5, 3)),
    "finger_heart": _hand((45, 30, 0, 0, -10), "", index=(5, 60, 60, 15)),
    "relaxed": pose(
        (38, 28, 5, 12, 12), index=(2, 22, 28, 14), middle=(0, 28, 33, 16), ring=(-3, 33, 36, 18),
        pinky=(-6, 36, 36, 18),
    ),
}  # fmt: skip

# What touches what: (digit, mark, digit, mark, metres); only these digits give way.
Contact = tuple[str, str, str, str, float]
CONTACTS: dict[str, list[Contact]] = {
    "ok": [("thumb", "pad", "index", "pad", 0.001)],
    "finger_heart": [
        ("thumb", "crease", "index", "crease", 0.002),
        ("thumb", "tip", "index", "tip", 0.03),
    ],
    "fist": [("thumb", "pad", "middle", "back", 0.002)],
    "one": [("thumb", "pad", "middle", "back", 0.002)],
    "pinky": [("thumb", "pad", "middle", "back", 0.002)],
    "horns": [("thumb", "pad", "middle", "back", 0.002)],
    "middle": [("thumb", "pad", "index", "back", 0.002)],
    "three_mrp": [("thumb", "pad", "index", "back", 0.002)],
    "peace": [("thumb", "pad", "ring", "back", 0.002)],
    "two_up": [("thumb", "pad", "ring", "back", 0.002)],
    "three": [("thumb", "pad", "pinky", "back", 0.003)],
}
# In these the folded fingers stay put and only the thumb moves.
BOTH_MOVE = ("ok", "finger_heart")


def settle(hand: Hand, gesture: str, angles: Array) -> Array:
    """Bring the finger ends that belong together into contact."""
    contacts = CONTACTS.get(gesture)
    if not contacts:
        return angles
    movers = {"thumb"} | ({c[2] for c in contacts} if gesture in BOTH_MOVE else set())
    free = [
        STARTS[i] + k for i, name in enumerate(FINGERS) if name in movers for k in range(SIZES[i])
    ]
    pairs = [
        (_vertex(hand, a, mark), _vertex(hand, b, other), gap)
        for a, mark, b, other, gap in contacts
    ]
    return hand.touch(angles, pairs, free)


def _vertex(hand: Hand, digit: str, mark: str) -> int:
    return int(getattr(hand.digits[FINGERS.index(digit)], mark))
