"""docs/accuracy.md as a reader sees it, from made-up measurements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import accuracy_page
from benchmarks.page.markdown import fill
from benchmarks.page.stored import read_evaluation
from benchmarks.page.targets import Target, verdict
from benchmarks.stability_report import SCHEMA, Stability
from benchmarks.stability_report import to_json as stability_json
from benchmarks.stability_score import ORIGINAL, PhotoVersions, Version, score
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.report_json import to_json
from posecheck.evaluation.report_text import to_text
from posecheck.evaluation.score import evaluate
from posecheck.evaluation.setup import EvalSetup
from posecheck.results import PhotoResult
from tests.evaluation.made import four_group_photos, two_sources_of_crops

OPTIONS = ScoreOptions(min_examples=1, replicates=40)

MANIFEST = {
    "palm_detection": {
        "file": "palm_detection.onnx",
        "sha256": "0123456789ab" + "0" * 52,
        "source": "somewhere else",
    },
    "gesture": {
        "file": "gesture.onnx",
        "sha256": "f" * 64,
        "source": "trained by training/run.py",
        "licence": "Apache-2.0",
        "prior": {"small": 2.25},
        "classes": ["one", "peace"],
    },
}

CROPS = """file,gesture,source,person,split
0.jpg,peace,a,ana,dev
1.jpg,peace,a,ben,dev
2.jpg,peace,a,ana,dev
3.jpg,thumb_up,a,ana,dev
4.jpg,xsign,b,,dev
5.jpg,other,b,,dev
6.jpg,unclear,b,,dev
7.jpg,holy,old-set,,train
8.jpg,peace,old-set,,train
"""

PHOTOS = """photo,has_gesture,source,split,unsure,complete
stage.jpg,1,s,dev,0,1
empty.jpg,0,t,dev,0,0
calm.jpg,0,t,dev,0,0
doubted.jpg,1,t,dev,1,0
"""


def setup() -> EvalSetup:
    return EvalSetup("1.2.3", ("crops.csv", "photos.csv"), "", "dev", (), None, (7, 4), (7, 4),
                     OPTIONS)  # fmt: skip


def everything() -> tuple[Labels, list[PhotoResult]]:
    crops, of_crops = two_sources_of_crops()
    groups, of_groups = four_group_photos()
    return Labels(crops.crops, groups.groups), [*of_crops, *of_groups]


def stability(kept: int, of: int, models: tuple[str, ...]) -> Stability:
    """`kept` of `of` photos keep their level when mirrored; all do when blurred."""
    high, low = Version("high", 90.0), Version("low", 30.0)
    photos = tuple(
        PhotoVersions(f"{i}.jpg", "group", "s",
                      {ORIGINAL: high, "mirrored": high if i < kept else low, "blurred": high})
        for i in range(of)
    )  # fmt: skip
    variants = {"mirrored": "left and right exchanged", "blurred": "out of focus"}
    rows = score(photos, dict.fromkeys(variants, False))
    return Stability(SCHEMA, "1.2.3", models, "generic", "strict", ("photos.csv",), "dev", (), 0,
                     (0, 0), of, variants, (), rows, (), photos)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A folder with everything that the page can be made from."""

    folder: Path

    def write(self, *options: str) -> int:
        given = ["eval.json", "--models", ".", "--output", "docs/accuracy.md", *options]
        return accuracy_page.main(given)

    def page(self, *options: str) -> str:
        assert self.write(*options) == 0
        return (self.folder / "docs" / "accuracy.md").read_text("utf-8")

    def change(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        record = json.loads((self.folder / name).read_text("utf-8"))
        change(record)
        (self.folder / name).write_text(json.dumps(record), "utf-8")


LABELS = ("--labels", "crops.csv", "photos.csv")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    labels, results = everything()
    (tmp_path / "eval.json").write_text(to_json(evaluate(labels, results, OPTIONS), setup()))
    # The second picture is the one whose label is listed as wrong.
    fewer = replace(labels, crops=(labels.crops[0], *labels.crops[2:]))
    better = evaluate(fewer, [results[0], *results[2:]], OPTIONS)
    (tmp_path / "corrected.json").write_text(to_json(better, setup()))
    models = ("palm_detection 0123456789ab",)
    (tmp_path / "stability.json").write_text(stability_json(stability(19, 20, models)))
    (tmp_path / "manifest.json").write_text(json.dumps({"models": MANIFEST}))
    (tmp_path / "crops.csv").write_text(CROPS)
    (tmp_path / "photos.csv").write_text(PHOTOS)
    (tmp_path / "docs").mkdir()
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "label_errors.csv").write_text(
        "file,label,reading,why\n1.jpg,peace,one,one finger\ncrops/8.jpg,peace,three,\n"
    )
    (tmp_path / "licences.toml").write_text('[licences]\n"old-set" = "CC-BY-4.0"\n')
    return Desk(tmp_path)


def row(page: str, start: str) -> list[str]:
    """Cells of the first table row that starts so."""
    line = next(line for line in page.splitlines() if line.startswith(f"| {start}"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def section(page: str, title: str) -> str:
    return page.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_page_opens_with_the_table_that_is_printed_for_the_readme(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    page = desk.page()
    out, _ = capfd.readouterr()
    english, indonesian = out.strip().split("\n\n")
    assert english in page.split("## What was aimed for")[0]
    assert len(english.splitlines()) == 2 + 5
    # One of the two sure signs of the stage is found, and it is the one of 40 px and more.
    assert row(english, "signs found")[1:] == ["100 % [21-100]", "1 signs in group photos"]
    assert row(english, "photo with a sign")[1].startswith("100 % [21-100] / 50.0 %")
    assert row(indonesian, "foto dengan gestur")[1].startswith("100 % [21-100] / 50,0 %")


def test_every_figure_of_the_page_has_its_place(desk: Desk) -> None:
    page = desk.page(*LABELS)
    assert "$" not in page
    assert "None" not in page
    for line in page.split("## The whole report")[0].splitlines():
        assert line == line.rstrip()


def test_a_target_that_is_missed_is_said_to_be_missed(desk: Desk) -> None:
    part = section(desk.page(), "What was aimed for")
    assert row(part, "silence | photos without a gesture")[3:] == [
        "50.0 % [0.0-100]",
        "2",
        "**missed** by 45.0 points",
    ]
    assert row(part, "stability | level kept under the worst")[3:] == ["-", "-", "not measured"]
    missed = part.split("Missed: ")[1].split(".")[0]
    assert "photos without a gesture that are flagged" in missed
    assert "signs of 40 px and more found" not in missed


@pytest.mark.parametrize(
    ("at_least", "estimate", "words"),
    [
        (True, Estimate(0.95, 100, 0.93, 0.97), "reached"),
        (True, Estimate(0.95, 100, 0.85, 0.97), "reached, not for certain"),
        (True, Estimate(0.87, 100, 0.8, 0.93), "**missed** by 3.0 points"),
        (False, Estimate(0.95, 100, 0.93, 0.97), "**missed** by 5.0 points"),
        (False, Estimate(0.1, 100, 0.0, 0.2), "reached"),
        (True, Estimate(0.95, 100), "reached, not for certain"),
        (True, Estimate(None, 0), "not measured"),
        (True, None, "not measured"),
    ],
)
def test_verdicts(at_least: bool, estimate: Estimate | None, words: str) -> None:
    assert verdict(Target("", "", 0.9, at_least=at_least), estimate) == words


def test_misses_confusions_and_their_sources_are_named(desk: Desk) -> None:
    part = section(desk.page(*LABELS), "Where it fails")
    assert "1 of 2 without one are" in part
    assert "of 20 to 40 px 100 % of 1" in part
    assert row(part, "peace → one")[1:] == ["1", "33.3 [6.1-79.2*] (3)", "a 1"]
    assert "pistol (1)" in part


def test_stability_is_shown_and_held_against_its_target(desk: Desk) -> None:
    assert "Not measured for this version" in section(desk.page(), "Sure of itself")
    page = desk.page("--stability", "stability.json")
    part = section(page, "Sure of itself")
    assert row(part, "mirrored")[1:] == [
        "95.0 [76.4-99.1] (20)", "-", "95.0 [76.4-99.1] (20)", "-", "0", "1",
    ]  # fmt: skip
    assert "20 group photos" in part
    aimed = section(page, "What was aimed for")
    assert row(aimed, "stability | level kept under the worst")[-1] == "**missed** by 2.0 points"
    assert row(aimed, "stability | level kept over all")[-1] == "reached, not for certain"


def test_wrong_labels_are_counted_linked_and_left_out(desk: Desk) -> None:
    assert "No list of wrong labels" in section(desk.page(), "Wrong labels")
    listed = ("--label-errors", "training/label_errors.csv")
    part = section(desk.page(*LABELS, *listed), "Wrong labels")
    assert "2 labels" in part
    assert "[label_errors.csv](../training/label_errors.csv)" in part
    assert row(part, "a | dev") == ["a", "dev", "peace → one", "1"]
    assert row(part, "old-set | train") == ["old-set", "train", "peace → three", "1"]
    page = desk.page(*LABELS, *listed, "--corrected", "corrected.json")
    changed = row(section(page, "Wrong labels"), "gesture right, pictures of one hand")
    assert changed[1].startswith("60.0 %")
    assert changed[3].startswith("75.0 %")
    # Labels that are listed as wrong do not count against the target, but are shown.
    aimed = row(section(page, "What was aimed for"), "gesture | macro-F1")
    assert "; with wrong labels " in aimed[3]


def test_what_is_thin_is_worked_out_from_the_labels(desk: Desk) -> None:
    part = section(desk.page(*LABELS), "What is not covered")
    assert row(part, "**holy**")[1:] == ["1", "0", "1", "0", "0", "0"]
    assert row(part, "**peace**")[1:] == ["1", "0", "1", "3", "0", "1"]
    assert "Of 1 source of pictures of one hand" in part
    assert "0 show one person, and all together 2" in part
    assert "batik" in part


def test_sources_carry_their_licence_or_none_stated(desk: Desk) -> None:
    page = desk.page(*LABELS, "--licences", "licences.toml")
    card = section(page, "Model card")
    assert row(card, "old-set")[1:] == [
        "2 pictures of one hand", "-", "holy 1, peace 1", "CC-BY-4.0",
    ]  # fmt: skip
    assert "| a |" not in card
    assert row(section(page, "What is not covered"), "a |")[-1] == "none stated"


def test_the_card_says_what_the_manifest_says(desk: Desk) -> None:
    card = section(desk.page(*LABELS), "Model card")
    assert row(card, "sha256")[1] == f"`{'f' * 64}`"
    assert row(card, "prior: small")[1] == "2.25"
    assert row(card, "classes")[1] == "one, peace"
    assert "trained here: `gesture.onnx`" in card
    assert "Not of `palm_detection.onnx`" in card


def test_it_says_whether_sources_were_trained_on(desk: Desk) -> None:
    assert "cannot say what was trained on" in desk.page()
    assert "No network trained here has seen any of them" in desk.page(*LABELS)
    (desk.folder / "crops.csv").write_text(CROPS.replace("old-set", "a"))
    assert "other pictures of these sources: a." in desk.page(*LABELS)


def test_the_report_stands_at_the_end(desk: Desk) -> None:
    labels, results = everything()
    report = to_text(evaluate(labels, results, OPTIONS), setup())
    assert desk.page().endswith(f"```\n{report}```\n")
    (desk.folder / "report.txt").write_text(report + "and a word more\n")
    assert "and a word more" in desk.page("--report", "report.txt")


def test_what_does_not_belong_together_is_refused_and_nothing_written(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "report.txt").write_text("posecheck 0.0.1 on something else\n")
    (desk.folder / "typo.toml").write_text('[licences]\n"oldset" = "MIT"\n')
    (desk.folder / "bad.csv").write_text("file,label\n1.jpg,peace\n")
    other = stability(1, 1, ("palm_detection ba9876543210",))
    (desk.folder / "other.json").write_text(stability_json(other))
    for options, words in (
        (["--report", "report.txt"], "another evaluation"),
        ([*LABELS, "--licences", "typo.toml"], "oldset"),
        (["--label-errors", "bad.csv"], "no column reading, why"),
        (["--stability", "other.json"], "other models"),
        (["--stability", "eval.json"], "posecheck-stability/1"),
        (["--stability", "missing.json"], "missing.json"),
    ):
        assert desk.write(*options) == 2, options
        assert words in capfd.readouterr().err
    assert list((desk.folder / "docs").iterdir()) == []


def test_figures_of_other_models_are_refused(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("eval.json", lambda record: record.update(models=["palm_detection ba9876543210"]))
    assert desk.write() == 2
    assert "palm_detection ba9876543210" in capfd.readouterr().err


def test_an_evaluation_that_lacks_something_is_refused_by_name(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.change("eval.json", lambda record: record["scores"]["groups"].pop("alarms"))
    assert desk.write() == 2
    assert "scores.groups.alarms is missing" in capfd.readouterr().err


def test_corrected_figures_need_the_list(desk: Desk) -> None:
    with pytest.raises(SystemExit) as stopped:
        desk.write("--corrected", "corrected.json")
    assert stopped.value.code == 2


def test_an_evaluation_comes_back_from_json_as_it_was(desk: Desk) -> None:
    back, found = read_evaluation(desk.folder / "eval.json")
    kept = json.loads((desk.folder / "eval.json").read_text("utf-8"))
    assert json.loads(to_json(found, back)) == kept


def test_a_figure_without_a_place_in_the_prose_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for number"):
        fill("no_stability", number=5)


def test_tables_are_tables(desk: Desk) -> None:
    page = desk.page(*LABELS, "--stability", "stability.json")
    tables = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    assert len(tables) > 15
    for lines in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines.splitlines()}
        assert len(widths) == 1, lines
