"""docs/eval.md names every option, label and column there is."""

from __future__ import annotations

import re
from pathlib import Path

import click

from posecheck.cli.eval_command import eval_command
from posecheck.evaluation.label_files import CROP_COLUMNS, HAND_COLUMNS, PHOTO_COLUMNS
from posecheck.evaluation.labels import HAND_LABELS
from posecheck.evaluation.locate import folders
from posecheck.evaluation.report_json import SCHEMA
from posecheck.gesture.vocabulary import BY_ID

DOCS = (Path(__file__).parents[2] / "docs" / "eval.md").read_text("utf-8")


def test_every_option_and_no_other() -> None:
    options = {o for p in eval_command.params if isinstance(p, click.Option) for o in p.opts}
    named = set(re.findall(r"`(--[a-z-]+)", DOCS))
    assert named == options | {"--lang", "--help"}


def test_every_column_and_label() -> None:
    signs = {gesture.id for gesture in BY_ID.values() if gesture.is_sign}
    for word in CROP_COLUMNS | PHOTO_COLUMNS | HAND_COLUMNS | (HAND_LABELS - signs):
        assert f"`{word}`" in DOCS, word


def test_every_folder_that_is_searched() -> None:
    for folder in folders(Path("labels/crops.csv"))[1:]:
        assert f"`{folder.name}/`" in DOCS


def test_the_schema() -> None:
    assert SCHEMA in DOCS
