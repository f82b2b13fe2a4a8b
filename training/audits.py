"""What people saw who looked at training pictures again, without knowing what a label says."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from posecheck.hands.types import Float

AUDIT = Path(__file__).with_name("label_audit.csv")
"""What a reader who did not know the label saw in crops that cross-validation read otherwise."""

DETECTIONS = Path(__file__).with_name("detection_audit.csv")
"""What somebody saw in detections of group photos that no label speaks of."""


def read_audit(path: Path = AUDIT) -> dict[str, tuple[str, bool]]:
    """File name of a crop -> what the reader saw, and whether the reader was sure."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["reading"], row["sure"] == "1") for row in csv.DictReader(file)}


def read_detections(path: Path = DETECTIONS) -> dict[str, list[tuple[Float, str]]]:
    """Photo's file name -> boxes (4,) and what was seen in them; "quiet" for surely no sign."""
    seen: dict[str, list[tuple[Float, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = row["reading"]
            if row["sure"] != "1":
                label = "quiet" if label in ("none", "not_hand") else "unclear"
            if label != "unclear":
                box = np.array([row[key] for key in ("x0", "y0", "x1", "y1")], np.float32)
                seen.setdefault(row["photo"], []).append((box, label))
    return seen
