"""Train the gesture network from labelled photos: one command, every stage cached.

    python -m training.run --photos LABELLED_PHOTOS --renders RENDERED_HANDS --cache FOLDER

Writes `models/gesture.onnx` and its manifest entry, and prints the cross-validation table.
"""

from __future__ import annotations

import argparse
import csv
import pickle
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import Labels, select
from posecheck.gesture.classifier import CLASSES
from training.crossval import Calibration, calibrate, folds_of, out_of_fold, table
from training.examples import Example, crop_examples, group_examples, render_examples
from training.export import save
from training.located import in_crop, in_group, in_render, remember
from training.network import GestureNetwork, Recipe, TrainingSet, train
from training.views import Views, make_views

SEED = 20261122
KIND_WEIGHT = {"crop": 1.0, "group": 4.0, "render": 0.5}
QUIET_WEIGHT = 1.5

SHIPPED = Calibration(temperature=1.0, small=2.0, large=-1.0)
"""Chosen, not fitted.  One held out fold holds few sources: it fits 1.07, 0.75 and -1.5, where five
folds of the network before fitted 1.0, 2.25 and -1.0.  On dev the odds of 2 have the least
calibration error and keep photos without a sign quiet; see NOTES.md."""

HELD_OUT = 1
"""Folds that are held out to calibrate on; each costs a training, a quarter of an hour."""


def read_renders(folder: Path | None) -> list[tuple[Path, str]]:
    """Rendered pictures and their gestures; none without a folder."""
    if folder is None:
        return []
    with next(folder.glob("*.csv")).open(encoding="utf-8", newline="") as file:
        return [(folder / row["file"], row["gesture"]) for row in csv.DictReader(file)]


def gather(
    labels: Labels, renders: list[tuple[Path, str]], cache: Path, jobs: int
) -> list[Example]:
    """Stage 1 and what its hands are examples of."""
    crops = remember(cache, "crops", in_crop, [c.path for c in labels.crops], jobs)
    groups = remember(cache, "groups", in_group, [g.path for g in labels.groups], jobs)
    rendered = remember(cache, "renders", in_render, [path for path, _ in renders], jobs)
    return [
        *crop_examples(labels.crops, crops),
        *group_examples(labels.groups, groups),
        *render_examples(renders, rendered),
    ]


def views_of(examples: Sequence[Example], cache: Path, name: str, jobs: int) -> Views:
    """Stage 2; views of examples that an earlier run knew are taken from the cache."""
    file = cache / f"views-{name}.pickle"
    identity = [(str(e.path), e.landmarks_xy.tobytes(), e.views) for e in examples]
    known: dict[tuple[str, bytes, int], Views] = (
        pickle.loads(file.read_bytes()) if file.exists() else {}
    )
    photos: dict[Path, list[tuple[int, np.ndarray, int]]] = {}
    for index, example in enumerate(examples):
        if identity[index] not in known:
            hand = (index, example.landmarks_xy, example.views)
            photos.setdefault(example.path, []).append(hand)
    if photos:
        made = make_views(list(photos.items()), jobs)
        for index in np.unique(made.example):
            known[identity[index]] = made.pick(made.example == index)
        file.write_bytes(pickle.dumps(known))
    parts = [known[key] for key in identity]
    joined = Views.join(parts)
    joined.example[:] = np.repeat(np.arange(len(parts)), [len(p.example) for p in parts])
    return joined


def training_set(examples: Sequence[Example], views: Views) -> TrainingSet:
    """Join views with targets and weights: rare classes count more, but not as much as balance."""
    order = np.argsort(views.example, kind="stable")
    bounds = np.searchsorted(views.example[order], np.arange(len(examples) + 1))
    rows = [order[bounds[i] : bounds[i + 1]] for i in range(len(examples))]
    counts = Counter(e.targets[0] for e in examples)
    weight = np.array(
        [
            counts[e.targets[0]] ** -0.5
            * KIND_WEIGHT[e.kind]
            * (QUIET_WEIGHT if e.label == "quiet" else 1)
            for e in examples
        ],
        np.float32,
    )
    weight /= weight.mean()
    targets = np.stack([e.target_row for e in examples])
    return TrainingSet(
        views.features,
        views.shape,
        targets[views.example],
        weight[views.example],
        rows,
    )


def calibrated(
    examples: Sequence[Example], views: Views, data: TrainingSet, logs: np.ndarray
) -> Calibration:
    """Calibrate on untouched views, group photos and pictures of one hand counting the same."""
    held = np.flatnonzero(views.plain & logs.any(axis=1))
    group = np.array([examples[i].kind == "group" for i in views.example[held]])
    weights = np.where(group, 1 / max(group.sum(), 1), 1 / max((~group).sum(), 1))
    return calibrate(logs[held], data.targets[held], weights, ~group)


def plain_predictions(examples: Sequence[Example], views: Views, logs: np.ndarray) -> np.ndarray:
    """Class predicted for the untouched view of every example; -1 where it was not held out."""
    predicted = np.full(len(examples), -1)
    for row in np.flatnonzero(views.plain):
        if logs[row].any():
            predicted[views.example[row]] = int(logs[row].argmax())
    return predicted


def trained(
    data: TrainingSet, folds: np.ndarray, recipe: Recipe, jobs: int
) -> tuple[np.ndarray, list[GestureNetwork]]:
    """Log probabilities of the held out folds, and the members; `jobs` trainings at a time.

    Forked, so that the processes share a gigabyte of views.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=_one_thread) as pool:
        _shared.update(data=data, folds=folds, recipe=recipe)
        held = [pool.submit(_held_out, fold) for fold in range(HELD_OUT)]
        members = [pool.submit(_member, number) for number in range(recipe.members)]
        logs = np.zeros((len(data.features), len(CLASSES)), np.float32)
        for job in held:
            rows, said = job.result()
            logs[rows] = said
        models = []
        for state in members:
            model = GestureNetwork()
            model.load_state_dict(state.result())
            models.append(model.eval())
    return logs, models


_shared: dict[str, Any] = {}


def _one_thread() -> None:
    torch.set_num_threads(1)


def _held_out(fold: int) -> tuple[np.ndarray, np.ndarray]:
    data, folds = _shared["data"], _shared["folds"]
    return out_of_fold(data, folds, fold, _shared["recipe"], SEED + fold)


def _member(number: int) -> dict[str, torch.Tensor]:
    model = train(_shared["data"], _shared["recipe"], SEED + 100 + number)
    return model.state_dict()


def main() -> None:
    """Run every stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder with the label files")
    parser.add_argument("--renders", type=Path, help="folder written by training/render_hands.py")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what stages leave")
    parser.add_argument("--models", type=Path, default=Path("models"), help="where to write")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # the network is small: more threads only wait for each other

    labels = select(read_labels(sorted(args.photos.glob("*.csv"))), split="train")
    examples = gather(labels, read_renders(args.renders), args.cache, args.jobs)
    views = views_of(examples, args.cache, "train", args.jobs)
    data = training_set(examples, views)
    recipe = Recipe()
    print(f"{len(examples)} examples, {len(data.features)} views")

    folds = folds_of(examples)
    logs, models = trained(data, folds, recipe, args.jobs)
    print(table(examples, plain_predictions(examples, views, logs)))
    print(f"fitted {calibrated(examples, views, data, logs)}, shipped {SHIPPED}")
    save(models, SHIPPED, args.models, f"posecheck-{SEED}")


if __name__ == "__main__":
    main()
