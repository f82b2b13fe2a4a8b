"""Scores of the pipeline on labelled photos: what `posecheck eval` works out.

Data flows one way: label files -> labels -> results of the checker -> pairs of label and hand ->
figures -> text or JSON.  Everything after the results is a pure function of (labels, results).
"""

from __future__ import annotations

from posecheck.evaluation.figures import Evaluation
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import CropLabel, GroupLabel, HandLabel, Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.score import evaluate

__all__ = [
    "CropLabel",
    "Evaluation",
    "GroupLabel",
    "HandLabel",
    "Labels",
    "ScoreOptions",
    "evaluate",
    "read_labels",
]
