"""`posecheck eval` from the arguments to the exit code, with a checker that needs no model."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from posecheck.cli import eval_run
from posecheck.cli.main import main
from posecheck.evaluation.running import Check
from posecheck.results import PhotoResult
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet

from .made import checked, hand, unreadable

CROPS = "file,gesture,source,split\n" + "".join(
    f"{i}_{gesture}.jpg,{gesture},{source},dev\n"
    for i, (gesture, source) in enumerate(
        [("peace", "a"), ("fist", "a"), ("one", "b"), ("peace", "b"), ("palm", "gloves")]
    )
)


def read_name(contest: str, path: Path) -> PhotoResult:
    """Reads a picture's gesture from its name; an empty file cannot be read."""
    if path.stat().st_size == 0:
        return unreadable(str(path))
    gesture = path.stem.split("_", 1)[1]
    return checked(hand(gesture, 0.9, 0.0 if gesture == "fist" else 90.0), path=str(path))


def open_reader(contest: Contest, rules: RuleSet, backend: str, runtime: str) -> Check:
    return partial(read_name, contest.id)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(eval_run, "open_check", open_reader)
    monkeypatch.setenv("POSECHECK_LANG", "en")
    (tmp_path / "crops.csv").write_text(CROPS, "utf-8")
    (tmp_path / "crops").mkdir()
    for line in CROPS.splitlines()[1:]:
        (tmp_path / "crops" / line.split(",")[0]).write_bytes(b"a picture")
    return tmp_path


def test_text_to_standard_output(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(folder / "crops.csv"), "--jobs", "1"]) == 0
    out, err = capfd.readouterr()
    assert "5 pictures of one hand, 0 group photos" in out
    assert "macro-F1" in out
    assert err == ""


def test_results_do_not_depend_on_the_number_of_processes(folder: Path) -> None:
    texts = []
    for jobs in ("1", "2"):
        out = folder / f"scores{jobs}.json"
        arguments = ["eval", str(folder / "crops.csv"), "--jobs", jobs, "--format", "json"]
        assert main([*arguments, "--output", str(out)]) == 0
        texts.append(out.read_text("utf-8"))
    assert texts[0] == texts[1]


def test_kept_results_give_the_same_scores(folder: Path) -> None:
    csv, kept = str(folder / "crops.csv"), str(folder / "kept.jsonl")
    first, second = folder / "first.json", folder / "second.json"
    forms = ["--format", "json", "--output"]
    assert main(["eval", csv, "--jobs", "1", "--save-results", kept, *forms, str(first)]) == 0
    for picture in (folder / "crops").iterdir():
        picture.unlink()
    assert main(["eval", csv, "--from-results", kept, *forms, str(second)]) == 0
    scores = [json.loads(file.read_text("utf-8")) for file in (first, second)]
    assert scores[1]["setup"].pop("results_file") == "kept.jsonl"
    assert scores[0]["setup"].pop("results_file") == ""
    assert scores[0] == scores[1]


def test_a_picture_that_cannot_be_read_is_named_and_gives_3(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "crops" / "0_peace.jpg").write_bytes(b"")
    assert main(["eval", str(folder / "crops.csv"), "--jobs", "1"]) == 3
    out, err = capfd.readouterr()
    assert "0_peace.jpg (unreadable): The file is cut short." in out
    assert "could not be checked: 1" in err


def test_sources_and_samples(folder: Path) -> None:
    out = folder / "scores.json"
    arguments = ["--apart", "gloves", "--exclude-source", "b", "--limit", "2", "--seed", "4"]
    csv = str(folder / "crops.csv")
    base = ["eval", csv, "--jobs", "1", "--format", "json", "--output", str(out)]
    assert main([*base, *arguments, "--split", "dev"]) == 0
    record = json.loads(out.read_text("utf-8"))
    assert record["setup"]["labelled"] == [3, 0]
    assert record["setup"]["scored"] == [2, 0]
    assert (record["setup"]["split"], record["setup"]["excluded"]) == ("dev", ["b"])
    assert list(record["apart"]) == ["gloves"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--split", "test"], "Splits there are: dev"),
        (["--apart", "nobody"], "Sources there are: a, b, gloves"),
        (["--limit", "0"], "--limit"),
        (["--from-results", "x.jsonl", "--jobs", "2"], "--from-results"),
        (["--from-results", "x.jsonl", "--runtime", "auto"], "--from-results"),
        (["--from-results", "nothing.jsonl"], "nothing.jsonl"),
        (["--contest", "nowhere"], "nowhere"),
        (["--output", "no/such/folder/x.txt"], "no folder"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    def never(*_: object) -> Check:
        raise AssertionError("the checker was loaded")

    monkeypatch.setattr(eval_run, "open_check", never)
    assert main(["eval", str(folder / "crops.csv"), *arguments]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err


@pytest.mark.parametrize("option", ["--output", "--save-results"])
@pytest.mark.parametrize("name", ["crops.csv", "crops/0_peace.jpg"])
def test_labels_and_photos_are_never_written_over(folder: Path, option: str, name: str) -> None:
    before = (folder / name).read_bytes()
    assert main(["eval", str(folder / "crops.csv"), option, str(folder / name)]) == 2
    assert (folder / name).read_bytes() == before


def test_malformed_labels_name_their_line(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "crops.csv").write_text("file,gesture\n0_peace.jpg,victory\n", "utf-8")
    assert main(["eval", str(folder / "crops.csv")]) == 2
    assert "crops.csv:2: " in capfd.readouterr().err


def test_help_fits_a_screen(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--help"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
