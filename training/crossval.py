"""Cross-validation by person or source, and the figures that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posecheck.gesture.classifier import CLASSES, ORDINARY
from training.examples import Example
from training.network import Recipe, TrainingSet, log_probabilities, train

FOLDS = 5


def folds_of(examples: Sequence[Example], seed: int = 0) -> np.ndarray:
    """Fold of every example, int (N,): whole persons (or sources) on one side.

    Renders are always trained on, fold -1: they are there to help with real photos.
    """
    persons = sorted({e.person for e in examples if e.kind != "render"})
    order = np.random.default_rng(seed).permutation(len(persons))
    fold = {person: int(order[i] % FOLDS) for i, person in enumerate(persons)}
    return np.array([fold.get(e.person, -1) for e in examples])


def part_of(data: TrainingSet, keep: np.ndarray) -> TrainingSet:
    """The examples picked by a mask (N,); views stay where they are."""
    rows = [rows for rows, kept in zip(data.rows, keep, strict=True) if kept]
    return replace(data, rows=rows)


def out_of_fold(
    data: TrainingSet, folds: np.ndarray, fold: int, recipe: Recipe, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a fold's views, and the logarithms of their probabilities.

    The network that says them has seen nobody of that fold.
    """
    model = train(part_of(data, folds != fold), recipe, seed)
    rows = np.concatenate([data.rows[i] for i in np.flatnonzero(folds == fold)])
    return rows, log_probabilities(model, data, rows)


@dataclass(frozen=True)
class Calibration:
    """What turns the networks' logits into honest probabilities.

    Attributes:
        temperature: Logits are divided by this.
        small: Added, after that, to the logits of what makes no sign where the hand is a small part
            of the photo: training shows far more signs than such photos hold.
        large: The same where the hand fills the photo.
    """

    temperature: float
    small: float
    large: float

    def apply(self, logs: np.ndarray, large: np.ndarray) -> np.ndarray:
        """Probabilities (M, C) of log probabilities (M, C); `large` is bool (M,)."""
        shift = np.where(large, self.large, self.small)
        scaled = logs / self.temperature
        scaled[:, ORDINARY] += shift[:, None]
        soft = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return np.asarray(soft / soft.sum(axis=1, keepdims=True))


def calibrate(
    logs: np.ndarray, targets: np.ndarray, weights: np.ndarray, large: np.ndarray
) -> Calibration:
    """The calibration of least log loss over a grid.

    Args:
        logs: float (M, C), log probabilities of views that were not trained on.
        targets: bool (M, C).
        weights: float (M,).
        large: bool (M,), whether the hand fills its photo.
    """

    def loss(temperature: float, shift: float, part: np.ndarray) -> float:
        calibration = Calibration(temperature, shift, shift)
        right = (calibration.apply(logs[part], large[part]) * targets[part]).sum(axis=1)
        return float(-(np.log(right + 1e-9) * weights[part]).sum())

    fits = []
    for temperature in np.exp(np.linspace(np.log(0.5), np.log(2.0), 21)):
        best = [
            min((loss(temperature, shift, part), shift) for shift in np.linspace(-1.5, 4, 23))
            for part in (~large, large)
        ]
        (small_loss, small), (large_loss, large_shift) = best
        fit = Calibration(float(temperature), float(small), float(large_shift))
        fits.append((small_loss + large_loss, fit))
    return min(fits, key=lambda pair: pair[0])[1]


def table(examples: Sequence[Example], predicted: np.ndarray) -> str:
    """Recall and the commonest confusions of every label, as text.

    Args:
        examples: N examples.
        predicted: Class (N,) of each; -1 for those that were not held out.
    """
    lines = []
    for kind in ("crop", "group", "render"):
        labels = sorted({e.label for e in examples if e.kind == kind})
        for label in labels:
            rows = [
                i
                for i, e in enumerate(examples)
                if e.kind == kind and e.label == label and predicted[i] >= 0
            ]
            if not rows:
                continue
            right = sum(CLASSES[predicted[i]] in examples[i].targets for i in rows)
            wrong: dict[str, int] = {}
            for i in rows:
                name = CLASSES[predicted[i]]
                if name not in examples[i].targets:
                    wrong[name] = wrong.get(name, 0) + 1
            top = ", ".join(f"{k} {v}" for k, v in sorted(wrong.items(), key=lambda p: -p[1])[:5])
            lines.append(
                f"{kind:6} {label:15} {right:5}/{len(rows):<5} {right / len(rows):.3f}  {top}"
            )
    return "\n".join(lines)
