"""Train posecheck/hands/promise.json: where the three finest scales are worth searching.

    python -m training.palm_promise --photos LABELLED --cache FOLDER

Needs no labels: the landmark network says what is a hand.  Hands that only the finest scales of
the training photos show are marked in the grid of the scale before them, and a linear layer over
what the palm detector says there learns to expect them.
"""

from __future__ import annotations

import argparse
import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import select
from posecheck.hands.crops import Cropper, Squares, squares_from_palms
from posecheck.hands.glance import GlanceNetwork, Glimpses
from posecheck.hands.nms import iou_matrix
from posecheck.hands.palm import PalmDetector
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.promise import CELL, WEIGHTS, described
from posecheck.hands.pyramid import PyramidFinder
from posecheck.hands.scales import PyramidSettings, Scales, zooms
from posecheck.hands.types import Float, boxes_around
from posecheck.models import open_session
from training.located import network, pixels

SEED = 20261122
PHOTOS = 60
WHOLE = PyramidSettings(in_windows=0)
FINE = PyramidSettings.in_windows

SEEN, SURE = 0.3, 0.5
"""Presence of a hand that counts half, and from which it counts in full."""

FOUND = 0.4
"""Overlap with a hand of the coarser scales from which a hand was found there too."""

NEGATIVES = 12
"""Cells without a hand, for each cell with one."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of one photo.

    Attributes:
        described: float32 (N, 160), see posecheck.hands.promise.
        wanted: bool (N,), whether a hand that only finer scales show is in the cell or beside it.
        weight: float32 (N,).
    """

    described: Float
    wanted: np.ndarray
    weight: Float


class Hopeful(GlanceNetwork):
    """Lets every candidate pass: the real one is trained on what this search finds."""

    def __init__(self) -> None:
        """There is nothing to load."""

    def __call__(self, cropper: Cropper, squares: Squares) -> Glimpses:
        """Expect a hand in every square, where it is."""
        return Glimpses(np.ones(len(squares), np.float32), squares)


def of_photo(path: Path) -> Cells:
    """Cells of a photo, at the coarsest scale that is not searched in windows."""
    cv2.setNumThreads(1)
    rgb, look = pixels(path), network()
    height, width = rgb.shape[:2]
    detector = PalmDetector(open_session("palm_detection", 1))
    small = Scales(rgb).at(zooms(width, height, WHOLE)[-FINE - 1])
    _, answers = detector.look(small, WHOLE.palm_score)
    rows, columns = (max(1, round(side / CELL)) for side in small.shape[:2])
    coarse = PyramidSettings(largest_side=max(small.shape[:2]), in_windows=0)
    search = PalmSearch(detector)
    found = PyramidFinder(search, Hopeful(), look, coarse).find(rgb).boxes_xyxy
    palms = search(rgb, WHOLE)
    seen = look(Cropper(rgb), squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy))
    missed = iou_matrix(boxes_around(seen.landmarks_xy), found).max(axis=1, initial=0) <= FOUND
    middles = (palms.boxes_xyxy[:, :2] + palms.boxes_xyxy[:, 2:]) / 2
    wanted = np.zeros((rows, columns), bool)
    weight = np.ones((rows, columns), np.float32)
    # The doubtful ones first, so that the sure ones have the last word.
    for least, most, count in ((SEEN, SURE, 0.5), (SURE, np.inf, 1.0)):
        for x, y in middles[missed & (seen.presence >= least) & (seen.presence < most)]:
            row = int(np.clip(y / height * rows, 0, rows - 1))
            column = int(np.clip(x / width * columns, 0, columns - 1))
            around = np.s_[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            wanted[around], weight[around] = True, count
    cells = described(answers)[:rows, :columns]
    return Cells(cells.reshape(rows * columns, -1), wanted.ravel(), weight.ravel())


def fit(parts: list[Cells], epochs: int = 30, batch: int = 1024) -> tuple[Float, float]:
    """Weighted logistic regression: weights of what is described as it is, and a bias."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    x = np.concatenate([part.described for part in parts])
    y = np.concatenate([part.wanted for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    layer = nn.Linear(x.shape[1], 1)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=4e-3, weight_decay=0.1)
    with_hand, without = np.flatnonzero(y), np.flatnonzero(~y)
    for _ in range(epochs):
        some = rng.permutation(without)[: NEGATIVES * len(with_hand)]
        order = rng.permutation(np.concatenate([with_hand, some]))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            said = layer(torch.from_numpy((x[rows] - mean) / spread))[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(
                said, torch.from_numpy(y[rows].astype(np.float32)), torch.from_numpy(weight[rows])
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    scaled = layer.weight.detach().numpy()[0] / spread
    bias = float(layer.bias.detach()[0]) - float((scaled * mean).sum())
    return np.asarray(scaled, np.float32), bias


def report(parts: list[Cells]) -> None:
    """Share of cells hoped for, and of wanted cells among them, on every fifth photo."""
    weights, bias = fit([part for i, part in enumerate(parts) if i % 5])
    held = parts[::5]
    hoped = np.concatenate([c.described @ weights + bias for c in held]) >= WHOLE.hope
    wanted = np.concatenate([c.wanted for c in held])
    print(f"{hoped.mean():.2f} of the cells hold {hoped[wanted].mean():.3f} of those wanted")


def main() -> None:
    """Collect cells, train on four fifths to report, then on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder with the label files")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what stages leave")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(1)
    labels = select(read_labels(sorted(args.photos.glob("*.csv"))), split="train")
    paths = sorted(photo.path for photo in labels.groups)
    chosen = [paths[i] for i in np.random.default_rng(SEED).permutation(len(paths))[:PHOTOS]]
    file = args.cache / "cells.pickle"
    if not file.exists():
        with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool:
            file.write_bytes(pickle.dumps(list(pool.map(of_photo, chosen))))
    parts: list[Cells] = pickle.loads(file.read_bytes())
    report(parts)
    weights, bias = fit(parts)
    said = {"bias": round(bias, 6), "weights": [float(f"{weight:.6g}") for weight in weights]}
    WEIGHTS.write_text(json.dumps(said, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
