"""`posecheck poses`: the gestures in words."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from posecheck import __version__
from posecheck.gesture.vocabulary import GESTURES
from posecheck.report.texts import LANGUAGES, load
from posecheck.risk.catalog import shipped_ids
from tests.cli.conftest import Cli
from tests.report.test_texts import ACCUSING, CLEAN, PROMISING

SIGNS = [gesture.id for gesture in GESTURES if gesture.is_sign]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rules", shipped_ids("rules"))
@pytest.mark.parametrize("contest", shipped_ids("contests"))
def test_every_gesture_is_listed_once_and_lines_fit(
    cli: Cli, lang: str, rules: str, contest: str
) -> None:
    outcome = cli("poses", "--rules", rules, "--contest", contest, "--lang", lang)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert max(map(len, lines)) <= 80
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines if line.startswith("  ")]
    assert sorted(row[0] for row in rows) == sorted(load(lang).gesture(g) for g in SIGNS)
    assert all(len(row) == 3 for row in rows), "a column runs into the next"
    assert rules in lines[0] and contest in lines[0]
    assert not ACCUSING.search(outcome.out)
    assert not PROMISING.search(outcome.out)
    assert not CLEAN.search(outcome.out)


def test_status_and_number_follow_rules_and_contest(cli: Cli) -> None:
    out = cli("poses").out
    forbidden = out.split("\n\n")[1]
    assert forbidden.startswith("Dilarang")
    assert re.search(r"dua jari \(peace\) +telunjuk, tengah +nomor 2\n", forbidden)
    Path("dua.toml").write_text(
        'id = "dua"\nname = "Dua calon"\nnumbers = [1, 2]\n[symbols]\n2 = ["ok"]\n', "utf-8"
    )
    out = cli("poses", "--contest", "dua.toml").out
    assert re.search(r"OK +tengah, manis, kelingking +nomor 2\n", out)
    assert re.search(r"dua jari \(peace\) +telunjuk, tengah +-\n", out)


def test_json_is_for_machines(cli: Cli) -> None:
    whole = json.loads(cli("poses", "--format", "json", "--rules", "bkn").out)
    assert (whole["contest"], whole["rules"]) == ("generic", "bkn")
    assert [entry["gesture"] for entry in whole["gestures"]] == SIGNS
    peace = whole["gestures"][SIGNS.index("peace")]
    assert peace == {
        "gesture": "peace",
        "name": "dua jari (peace)",
        "fingers": "IM",
        "hands": 1,
        "numbers": [2],
        "rule": "forbidden",
    }


def test_unknown_rules_are_refused(cli: Cli) -> None:
    outcome = cli("poses", "--rules", "bnk")
    assert outcome.code == 2
    assert "bkn" in outcome.err


def test_the_poster_is_written_and_nothing_else_is_said(cli: Cli) -> None:
    outcome = cli("poses", "--html", "poster.html", "--rules", "bkn", "--lang", "en")
    assert (outcome.code, outcome.out) == (0, "")
    assert "poster.html" in outcome.err
    page = Path("poster.html").read_text("utf-8")
    assert "Daftar BKN" in page and "Avoid in photos" in page
    assert __version__ in page and str(date.today().year) in page
    assert [path.name for path in Path().iterdir()] == ["poster.html"]


def test_the_poster_follows_a_contest_of_ones_own(cli: Cli) -> None:
    Path("dua.toml").write_text(
        'id = "dua"\nname = "Dua & <b>calon</b>"\nnumbers = [1, 2]\n[symbols]\n2 = ["ok"]\n',
        "utf-8",
    )
    assert cli("poses", "--html", "poster.html", "--contest", "dua.toml").code == 0
    page = Path("poster.html").read_text("utf-8")
    assert "Dua &amp; &lt;b&gt;calon&lt;/b&gt;" in page
    assert page.count("menyerupai nomor 2") == 1


@pytest.mark.parametrize("name", ["foto.jpg", "FOTO.HEIC", "dua.toml", "poster"])
def test_the_poster_never_takes_the_place_of_a_photo_or_a_setting(cli: Cli, name: str) -> None:
    Path(name).write_bytes(b"as it was")
    outcome = cli("poses", "--html", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert name in outcome.err and "poster.html" in outcome.err
    assert Path(name).read_bytes() == b"as it was"


def test_a_poster_that_cannot_be_written_is_not_there(cli: Cli) -> None:
    outcome = cli("poses", "--html", "tidak-ada/poster.html")
    assert (outcome.code, outcome.out) == (2, "")
    assert list(Path().iterdir()) == []
