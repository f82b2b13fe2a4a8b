"""Where it is worth looking closely: a map of what finer scales may still show.

The palm detector's answers say more than its score: a person too small for it, an arm, a crowd all
leave traces in the logits and boxes of its anchors.  A linear layer over them, trained by
training/palm_promise.py, says of every cell of one scale whether the finer scales show a hand
there which this scale and the coarser ones do not.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from posecheck.hands.palm import ANCHORS, Answers
from posecheck.hands.types import Float

CELL = 16
"""Side of a cell in pixels: the detector's coarser stride."""

WEIGHTS = Path(__file__).with_name("promise.json")
"""One number for each of `described`, and a bias; see training/palm_promise.py."""


@lru_cache(maxsize=1)
def weights() -> tuple[Float, float]:
    """The layer: float32 (160,) and its bias."""
    said = json.loads(WEIGHTS.read_text("utf-8"))
    return np.array(said["weights"], np.float32), float(said["bias"])


def described(answers: Answers) -> Float:
    """What the detector says of each cell.

    Returns:
        float32 (height / 16, width / 16, 160): boxes, logits and second logits of the six anchors
        at stride 16, then those of the two at stride 8, averaged over the cell's four.
    """
    rows, columns, outputs = answers.height // CELL, answers.width // CELL, answers.outputs
    (_, near), (_, far) = ANCHORS
    first = 4 * near * rows * columns
    parts = [part[first:].reshape(rows, columns, far * part.shape[1]) for part in outputs]
    for part in outputs:
        fine = part[:first].reshape(rows, 2, columns, 2, near * part.shape[1])
        parts.append(fine.mean(axis=(1, 3)))
    return np.concatenate(parts, axis=2)


def promise(answers: Answers) -> Float:
    """Logit of a hand that only finer scales show, float32 (height / 16, width / 16).

    Cells beside it are meant too.
    """
    weight, bias = weights()
    return np.asarray(described(answers) @ weight + np.float32(bias), np.float32)
