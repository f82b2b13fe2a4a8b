"""Damaged text files are read whole or refused with a reason (the quick version)."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.errors import LabelError, PhotoError, RecordError
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.saved import load_results
from posecheck.opening import open_photo
from tests.reliability.text_fuzz import Kind, fuzz, kinds


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.ending)
def test_damaged_files_are_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    seen, wrong = fuzz(kind, tmp_path, 250, seed=1)
    assert wrong == {}
    assert sum(seen.values()) == 250


def test_a_header_longer_than_any_cell_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("file,gesture," + "x" * 140_000)
    with pytest.raises(LabelError, match=r"labels\.csv:1: field larger"):
        read_labels([file], need_photos=False)


def test_a_name_that_no_file_can_have_is_a_picture_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(f"file,gesture,source\n{'9' * 400}.jpg,peace,s\n")
    [path] = read_labels([file], need_photos=False).paths
    with pytest.raises(PhotoError):
        open_photo(path)
    with pytest.raises(LabelError, match="none of its 1 pictures is there"):
        read_labels([file])


@pytest.mark.parametrize("line", ['{"a":' * 50_000, "[" * 50_000])
def test_kept_results_that_are_nested_too_deeply_are_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "hasil.jsonl"
    file.write_text(line)
    with pytest.raises(RecordError, match=r"hasil\.jsonl:1: the line is not JSON"):
        load_results(file)
