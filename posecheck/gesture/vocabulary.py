"""The gestures that posecheck tells apart.

A gesture has an id, which is what machines read, and the fingers it raises.  Its names in
Indonesian and English are texts (`posecheck.report`), the number it is said to signal belongs
to a contest, and whether a circular forbids it belongs to a rule set (`posecheck.risk`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gesture:
    """One gesture.

    Attributes:
        id: Stable name, used in JSON, rule sets and contests.
        fingers: Raised fingers, a subset of "TIMRP" (thumb, index, middle, ring, pinky).
        hands: 1, or 2 where only both hands together make the gesture.
        is_sign: False for hands that make no deliberate finger sign (`none`, `other`).
    """

    id: str
    fingers: str
    hands: int = 1
    is_sign: bool = True


GESTURES: tuple[Gesture, ...] = (
    Gesture("thumb_up", "T"),
    Gesture("one", "I"),
    Gesture("peace", "IM"),
    Gesture("two_up", "IM"),
    Gesture("pistol", "TI"),
    Gesture("finger_heart", "TI"),
    Gesture("call", "TP"),
    Gesture("horns_thumb", "TIP"),
    Gesture("horns", "IP"),
    Gesture("three", "IMR"),
    Gesture("three_thumb", "TIM"),
    Gesture("ok", "MRP"),
    Gesture("four", "IMRP"),
    Gesture("palm", "TIMRP"),
    Gesture("thumb_down", "T"),
    Gesture("pinky", "P"),
    Gesture("middle", "M"),
    Gesture("fist", ""),
    Gesture("two_hand_heart", "", hands=2),
    Gesture("holy", "", hands=2),
    Gesture("none", "", is_sign=False),
    Gesture("other", "", is_sign=False),
)
"""Every gesture, in the order of the tables; their fingers, as circulars draw them."""

GESTURE_IDS: tuple[str, ...] = tuple(g.id for g in GESTURES)
BY_ID: dict[str, Gesture] = {g.id: g for g in GESTURES}
