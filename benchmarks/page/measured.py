"""Everything that the page is made from, read and held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page.stored import REMEDY, read_evaluation, read_stability
from benchmarks.stability_report import Stability
from posecheck.errors import RecordError
from posecheck.evaluation.figures import CropScore, Evaluation, GroupScore
from posecheck.evaluation.gesture_score import GestureScore
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import CropLabel, GroupLabel, Labels, select
from posecheck.evaluation.setup import EvalSetup
from posecheck.models import ModelFile, manifest


@dataclass(frozen=True)
class Scored:
    """One evaluation of pictures of one hand and of group photos.

    Attributes:
        setup: How it was made.
        evaluation: All of it.
        crops: Figures of pictures of one hand.
        groups: Figures of group photos.
        both: Gestures over the hands of both.
    """

    setup: EvalSetup
    evaluation: Evaluation
    crops: CropScore
    groups: GroupScore
    both: GestureScore


@dataclass(frozen=True)
class Measured:
    """What the page is made from.

    Attributes:
        scored: The evaluation.
        corrected: The same without the pictures whose label is listed as wrong, or None.
        stability: How steady levels are, or None.
        labels: Every label there is, of training too; empty where no label file was given.
        models: The manifest.
    """

    scored: Scored
    corrected: Scored | None
    stability: Stability | None
    labels: Labels
    models: Mapping[str, ModelFile]

    def trained_on(self) -> Labels:
        """Labels of the split `train`."""
        return select(self.labels, "train")

    def measured_on(self) -> Labels:
        """Labels of the split that was scored, but those of sources left out or apart."""
        setup = self.scored.setup
        apart = (*setup.excluded, *self.scored.evaluation.apart)
        return select(self.labels, setup.split or None, apart)


def by_source(labels: Labels) -> dict[str, tuple[list[CropLabel], list[GroupLabel]]]:
    """Source -> its pictures of one hand and its group photos."""
    found: dict[str, tuple[list[CropLabel], list[GroupLabel]]] = {}
    for crop in labels.crops:
        found.setdefault(crop.source, ([], []))[0].append(crop)
    for group in labels.groups:
        found.setdefault(group.source, ([], []))[1].append(group)
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def read_scored(file: Path) -> Scored:
    """Read an evaluation.

    Raises:
        RecordError: It is none, or holds only one kind of pictures.
    """
    setup, evaluation = read_evaluation(file)
    crops, groups, both = (
        evaluation.scores.crops,
        evaluation.scores.groups,
        evaluation.scores.both,
    )
    if crops is None or groups is None or both is None:
        raise RecordError(
            f"{file} holds no figures of both kinds of pictures.",
            "Evaluate pictures of one hand and group photos together.",
        )
    return Scored(setup, evaluation, crops, groups, both)


def read_measured(
    evaluation: Path,
    corrected: Path | None,
    stability: Path | None,
    label_files: Sequence[Path],
    models: Path | None = None,
) -> Measured:
    """Read everything, and refuse what does not belong together.

    Args:
        evaluation: JSON of `posecheck eval`.
        corrected: The same without wrong labels.
        stability: JSON of `benchmarks/stability.py`.
        label_files: Label files; their pictures need not be there.
        models: Folder of the manifest; that of the installed package by default.

    Raises:
        PosecheckError: A file cannot be read, or was measured with other models.
    """
    found = Measured(
        scored=read_scored(evaluation),
        corrected=read_scored(corrected) if corrected else None,
        stability=read_stability(stability) if stability else None,
        labels=read_labels(label_files, need_photos=False) if label_files else Labels(),
        models=manifest(models),
    )
    ours = {f"{name} {model.short}" for name, model in found.models.items()}
    _same_models(evaluation, found.scored.evaluation.models, ours)
    if corrected and found.corrected:
        _same_models(corrected, found.corrected.evaluation.models, ours)
    if stability and found.stability:
        _same_models(stability, found.stability.models, ours)
    return found


def _same_models(file: Path, used: Sequence[str], ours: set[str]) -> None:
    other = sorted(set(used) - ours)
    if other or not used:
        raise RecordError(
            f"{file} was measured with other models than those in the manifest: "
            f"{', '.join(other) or 'it names none'}.",
            REMEDY,
        )
