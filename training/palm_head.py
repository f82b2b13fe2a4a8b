"""Train the palm detector's second score: is this candidate worth a look?

    python -m training.palm_head --photos LABELLED_PHOTOS --cache FOLDER

Small, hidden and upside-down hands score 0.03 to 0.2 in the palm network, and so does a thousand
times as much that is no hand.  The network's last feature maps know better than its score: a
linear layer on them, trained to foretell whether the landmark network will see a hand there,
keeps nine in ten of those hands at a third of the candidates.  No label is used, only photos of
the `train` split.  Writes `models/palm_head.npz`, which `models/surgery.py` folds into the graph.
"""

from __future__ import annotations

import argparse
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import torch
from onnx import helper
from torch import nn

from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import select
from posecheck.hands.crops import Cropper, squares_from_palms
from posecheck.hands.nms import suppress_boxes
from posecheck.hands.palm import LEAST_SCORE, PalmDetector, Palms
from posecheck.hands.scales import PyramidSettings, Scales, zooms
from posecheck.models import manifest
from training.located import network, pixels

SEED = 20261122
SEEN = 0.3
"""Presence from which the landmark network sees a hand; the product keeps the same."""

PHOTOS, SURE, DOUBTFUL = 48, 250, 200
"""Photos used, and candidates of each: those above `SURE_SCORE` (best first) and others."""

SURE_SCORE = 0.15
WIDTHS = (128, 256)
"""Channels of the feature maps at stride 8 (2 anchors a cell) and at stride 16 (6 a cell)."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """N candidates: what the palm network says and what the landmark network saw.

    Attributes:
        logits: float32 (N,).
        anchors: int64 (N,), 0 and 1 at stride 8, 2 to 7 at stride 16.
        features: float32 (N, 256); those of stride 8 fill the first 128.
        presence: float32 (N,).
    """

    logits: np.ndarray
    anchors: np.ndarray
    features: np.ndarray
    presence: np.ndarray

    @classmethod
    def join(cls, parts: list[Candidates]) -> Candidates:
        """All rows of all parts."""
        columns = [f.name for f in fields(cls)]
        return cls(**{c: np.concatenate([getattr(p, c) for p in parts]) for c in columns})


class Listening:
    """The palm network's session, keeping the feature maps of the last run."""

    def __init__(self) -> None:
        import onnxruntime

        # Not palm_detection, which stores some of the features with their sign turned.
        model = onnx.load(manifest()["palm_detection_prelu"].path)
        made = {output: node for node in model.graph.node for output in node.output}
        for number, reshaped in enumerate(made["logits"].input):
            score = made[made[made[reshaped].input[0]].input[0]]
            names = ([score.input[0]], [f"map{number}"])
            model.graph.node.append(helper.make_node("Transpose", *names, perm=[0, 2, 3, 1]))
            shape = [1, f"h{number}", f"w{number}", WIDTHS[number]]
            model.graph.output.append(helper.make_tensor_value_info(f"map{number}", 1, shape))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self.rows = np.zeros(0, np.intp)
        self.maps: list[np.ndarray] = []

    def run(self, names: list[str], feed: dict[str, Any]) -> list[np.ndarray]:
        """As `InferenceSession.run`; a second score, if asked for, is the first."""
        asked = ["logits" if name == "hand_logits" else name for name in names]
        *outputs, stride8, stride16 = self._session.run([*asked, "map0", "map1"], feed)
        self.maps = [stride8.reshape(-1, WIDTHS[0]), stride16.reshape(-1, WIDTHS[1])]
        floor = np.log(LEAST_SCORE / (1 - LEAST_SCORE))
        self.rows = np.flatnonzero(outputs[names.index("logits")].reshape(-1) > floor)
        return [np.asarray(output) for output in outputs]

    def described(self) -> tuple[np.ndarray, np.ndarray]:
        """Anchors (N,) and features (N, 256) of the candidates of the last run."""
        fine = 2 * len(self.maps[0])
        anchors = np.where(self.rows < fine, self.rows % 2, 2 + (self.rows - fine) % 6)
        features = np.zeros((len(self.rows), WIDTHS[1]), np.float32)
        at8 = self.rows < fine
        features[at8, : WIDTHS[0]] = self.maps[0][self.rows[at8] // 2]
        features[~at8] = self.maps[1][(self.rows[~at8] - fine) // 6]
        return anchors, features


def of_photo(path: Path) -> Candidates:
    """Candidates of one photo at every scale."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(SEED)
    rgb, session = pixels(path), Listening()
    detect = PalmDetector(session)
    palms, anchors, features = [], [], []
    scales = Scales(rgb)
    for zoom in zooms(rgb.shape[1], rgb.shape[0], PyramidSettings()):
        small = scales.at(zoom)
        found = detect(small, LEAST_SCORE)
        kept = suppress_boxes(found.boxes_xyxy, found.scores, PyramidSettings.palm_iou)
        back = np.array([rgb.shape[1] / small.shape[1], rgb.shape[0] / small.shape[0]], np.float32)
        found = found[kept]
        palms.append(
            Palms(found.boxes_xyxy * np.tile(back, 2), found.keypoints_xy * back, found.scores)
        )
        about = session.described()
        anchors.append(about[0][kept])
        features.append(about[1][kept])
    merged = Palms.concatenate(palms)
    kept = suppress_boxes(merged.boxes_xyxy, merged.scores, PyramidSettings.palm_iou)
    sure = merged.scores[kept] >= SURE_SCORE
    doubtful = rng.permutation(kept[~sure])[:DOUBTFUL]
    chosen = np.concatenate([kept[sure][:SURE], doubtful])
    palm = merged[chosen]
    seen = network()(Cropper(rgb), squares_from_palms(palm.boxes_xyxy, palm.keypoints_xy))
    return Candidates(
        np.log(palm.scores / np.maximum(1 - palm.scores, 1e-6)),
        np.concatenate(anchors)[chosen],
        np.concatenate(features)[chosen],
        seen.presence,
    )


class Head(nn.Module):
    """A linear layer at each stride, added to the scaled first logit."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, 1, bias=False) for width in WIDTHS])
        self.factor = nn.Parameter(torch.ones(2))
        self.bias = nn.Parameter(torch.full((8,), -1.0))

    def forward(
        self, logits: torch.Tensor, anchors: torch.Tensor, features: torch.Tensor
    ) -> torch.Tensor:
        """Second logits (N,)."""
        coarse = (anchors >= 2).long()
        fine = self.layers[0](features[:, : WIDTHS[0]])[:, 0]
        seen = torch.where(coarse == 0, fine, self.layers[1](features)[:, 0])
        out: torch.Tensor = seen + self.factor[coarse] * logits + self.bias[anchors]
        return out


def fit(data: Candidates, epochs: int = 60, batch: int = 512, decay: float = 1.0) -> Head:
    """Logistic regression on whether the landmark network sees a hand."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    head = Head()
    optimiser = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=decay)
    columns = [torch.from_numpy(c) for c in (data.logits, data.anchors, data.features)]
    target = torch.from_numpy((data.presence >= SEEN).astype(np.float32))
    for _ in range(epochs):
        order = rng.permutation(len(target))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            said = head(*(column[rows] for column in columns))
            loss = nn.functional.binary_cross_entropy_with_logits(said, target[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return head.eval()


def main() -> None:
    """Collect candidates, train on four fifths to report, then on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder with the label files")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what stages leave")
    parser.add_argument("--models", type=Path, default=Path("models"), help="where to write")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(1)
    labels = select(read_labels(sorted(args.photos.glob("*.csv"))), split="train")
    paths = sorted(photo.path for photo in labels.groups)
    chosen = [paths[i] for i in np.random.default_rng(SEED).permutation(len(paths))[:PHOTOS]]
    file = args.cache / "candidates.pickle"
    if not file.exists():
        with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool:
            file.write_bytes(pickle.dumps(list(pool.map(of_photo, chosen))))
    parts: list[Candidates] = pickle.loads(file.read_bytes())
    report(parts)
    head = fit(Candidates.join(parts))
    state = {name: value.numpy() for name, value in head.state_dict().items()}
    np.savez(
        args.models / "palm_head.npz",
        stride8=state["layers.0.weight"][0],
        stride16=state["layers.1.weight"][0],
        factor=state["factor"],
        bias=state["bias"],
    )


def report(parts: list[Candidates]) -> None:
    """Candidates that must be looked at to keep nine in ten hands, on every fifth photo."""
    held = Candidates.join(parts[::5])
    head = fit(Candidates.join([p for i, p in enumerate(parts) if i % 5]))
    with torch.inference_mode():
        columns = [torch.from_numpy(c) for c in (held.logits, held.anchors, held.features)]
        second = head(*columns).numpy()
    hands = held.presence >= SEEN
    for name, score in (("first", held.logits), ("second", second)):
        needed = int((score >= np.quantile(score[hands], 0.1)).sum())
        print(f"{name} score: {needed} of {len(hands)} candidates hold 90 % of {hands.sum()} hands")


if __name__ == "__main__":
    main()
