"""`posecheck export`, `purge` and `audit` on a case file that was made without networks."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from posecheck.casefile.case import open_case
from posecheck.casefile.database import now
from posecheck.casefile.selection import ALL
from posecheck.casefile.types import Verdict
from posecheck.cli import export_command, scan_command
from posecheck.cli.purge_command import age
from posecheck.errors import ConfigError
from posecheck.export.formats import FORMATS
from posecheck.report.texts import load
from posecheck.scan.engines import ENGINES
from tests.casefile.made import JPEG, a_case, at, broken, crowd, flagged, plain, scan
from tests.cli.conftest import Cli
from tests.report.photos import hand


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Two signs, one of them decided, an ordinary photo, and two that could not be checked."""
    path = tmp_path / "k.posecheck"
    with a_case(path) as opened:
        files = {
            "/f/dua.jpg": flagged("a", hand()),
            "/f/ramai.jpg": crowd("b"),
            "/f/biasa.jpg": plain("c"),
            "/f/rusak.jpg": broken("d"),
            "/f/hilang.jpg": None,
        }
        scan(opened, files, pictures={"/f/dua.jpg": [("preview", JPEG)]})
        sha256 = opened.hashes()[0]
        opened.decide(sha256, Verdict.DIFFERENT, reviewer="Ani", note="salam =1+1")
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_lists_of_the_command_line_are_those_of_the_library() -> None:
    assert set(export_command.FORMATS) == set(FORMATS)
    assert scan_command.ENGINES == ENGINES


def test_a_table_holds_every_photo_and_every_failure(cli: Cli, case: Path) -> None:
    outcome = cli("export", case, "-o", "hasil.csv", "--lang", "en")
    assert (outcome.code, outcome.out) == (0, "")
    assert "5 photos written to hasil.csv" in outcome.err
    found = rows(Path("hasil.csv").read_text("utf-8"))
    assert {row["path"] for row in found} == {
        "/f/dua.jpg", "/f/ramai.jpg", "/f/biasa.jpg", "/f/rusak.jpg", "/f/hilang.jpg",
    }  # fmt: skip
    assert {row["path"]: row["status"] for row in found}["/f/hilang.jpg"] == "unreadable"


def test_the_format_follows_the_ending_or_the_option(cli: Cli, case: Path) -> None:
    assert cli("export", case, "-o", "hasil.jsonl").code == 0
    assert len(Path("hasil.jsonl").read_text("utf-8").splitlines()) == 5
    assert cli("export", case, "-o", "hasil.txt", "--format", "jsonl").code == 0
    assert Path("hasil.txt").read_bytes() == Path("hasil.jsonl").read_bytes()
    outcome = cli("export", case, "-o", "hasil.doc", "--lang", "en")
    assert outcome.code == 2
    assert "xlsx" in outcome.err


@pytest.mark.parametrize("ending", ["xlsx", "html", "pdf", "parquet"])
def test_every_other_format_is_written(cli: Cli, case: Path, ending: str) -> None:
    outcome = cli("export", case, "-o", f"hasil.{ending}", "--level", "low")
    assert outcome.code == 0, outcome.err
    assert Path(f"hasil.{ending}").stat().st_size > 1000


def test_photos_are_chosen(cli: Cli, case: Path) -> None:
    def chosen(*arguments: str) -> set[str]:
        outcome = cli("export", case, "-o", "x.csv", *arguments)
        assert outcome.code == 0, outcome.err
        return {row["path"] for row in rows(Path("x.csv").read_text("utf-8"))}

    unread = {"/f/rusak.jpg", "/f/hilang.jpg"}
    signs = {"/f/dua.jpg", "/f/ramai.jpg"}
    assert chosen("--level", "low") == signs | unread
    decided = chosen("--level", "low", "--decision", "does_not_resemble")
    assert len(decided) == 1 and decided < signs
    assert chosen("--level", "low", "--decision", "undecided") == signs - decided
    assert chosen("--gesture", "middle") == set()
    with open_case(case) as opened:
        sha256 = opened.hashes()[1]
        (name,) = opened.photo(sha256).names  # type: ignore[union-attr]
    assert chosen("--photo", sha256[:10].upper()) == {str(name)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "foto.jpg", "--format", "csv"], "foto.jpg"),
        (["-o", "x.csv", "--gesture", "pece"], "peace"),
        (["-o", "x.csv", "--photo", "0123"], "0123"),
        (["-o", "x.csv", "--photo", ""], "SHA-256"),
        (["-o", "tidak/ada/x.csv"], "tidak/ada/x.csv"),
    ],
)
def test_wrong_usage_writes_nothing(cli: Cli, case: Path, arguments: list[str], words: str) -> None:
    outcome = cli("export", case, *arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert [path for path in Path().iterdir() if path.is_file()] == []


def test_a_case_file_is_never_written_over(cli: Cli, case: Path) -> None:
    before = case.read_bytes()
    assert cli("export", case, "-o", case, "--format", "csv").code == 2
    assert case.read_bytes() == before


def test_a_missing_case_file_is_told(cli: Cli) -> None:
    for command in (["export", "-o", "x.csv"], ["purge", "--older-than", "1d"], ["audit"]):
        outcome = cli(command[0], "tidak-ada.posecheck", *command[1:])
        assert outcome.code == 2
        assert "tidak-ada.posecheck" in outcome.err
        assert not Path("tidak-ada.posecheck").exists()


def test_purge_deletes_what_is_old_and_nothing_else(cli: Cli, case: Path) -> None:
    with a_case(case) as opened, at(now() - timedelta(days=100)):
        scan(opened, {"/f/lama.jpg": flagged("old", hand())})
    dry = cli("purge", case, "--older-than", "90d", "--dry-run", "--lang", "en")
    assert (dry.code, dry.out.split(",")[0]) == (0, "Would be deleted: 1 photos")
    done = cli("purge", case, "--older-than", "90d", "--lang", "en")
    assert done.out.startswith("Deleted: 1 photos, 0 small pictures, 1 file names")
    with open_case(case) as opened:
        names = {str(name) for photo in opened.photos(ALL) for name in photo.names}
    assert "/f/lama.jpg" not in names and "/f/dua.jpg" in names
    assert b"lama.jpg" not in case.read_bytes()


def test_purge_asks_a_person(
    cli: Cli, case: Path, terminal: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("stdin")
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert cli("purge", case, "--older-than", "0d").code == 0
    with open_case(case) as opened:
        assert opened.count(ALL) == 4
    assert cli("purge", case, "--older-than", "0d", "--yes").code == 0
    with open_case(case) as opened:
        assert opened.count(ALL) == 0


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("2w", 14), ("3M", 90), ("2y", 730)])
def test_ages(text: str, days: int) -> None:
    assert age(text, load("en", "scan")) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "90", "d", "-1d", "1.5y", "90 hari", "999999y"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="age"):
        age(text, load("en", "scan"))


def test_audit_prints_and_verifies_the_log(cli: Cli, case: Path) -> None:
    whole = cli("audit", case, "--log", "--lang", "en")
    assert whole.code == 0
    assert "scan_started" in whole.out and "decided" in whole.out
    assert "/f/" not in whole.out
    last = whole.out.split("Last hash: ")[1].strip()
    assert cli("audit", case, "--expect", last[:16]).code == 0
    missing = cli("audit", case, "--expect", "0" * 16, "--lang", "en")
    assert (missing.code, "is not in the log" in missing.out) == (1, True)
    assert cli("audit", case, "--expect", "0").code == 2


def test_audit_finds_a_changed_log(cli: Cli, case: Path) -> None:
    raw = sqlite3.connect(case)
    (trigger,) = raw.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'audit_is_never_changed'"
    ).fetchone()
    raw.execute("DROP TRIGGER audit_is_never_changed")
    raw.execute("UPDATE audit SET details = replace(details, 'does_not', 'does')")
    raw.execute(trigger)
    raw.commit()
    raw.close()
    outcome = cli("audit", case, "--lang", "en")
    assert outcome.code == 1
    assert "The log was changed: entry 3" in outcome.out


def test_eval_holds_results_against_decisions(cli: Cli, case: Path) -> None:
    outcome = cli("eval", "--casefile", case, "--format", "json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["schema"] == "posecheck-eval-decisions/1"
    assert found["raised"] == 2
    verdicts = found["all_raised"]
    assert (verdicts["different"], verdicts["undecided"]) == (1, 1)
    assert (verdicts["precision"]["value"], verdicts["precision"]["n"]) == (0.0, 1)
    text = cli("eval", "--casefile", case).out
    assert "against the decisions in k.posecheck" in text
    assert "says nothing of what was missed" in text


def test_eval_takes_labels_or_a_case_file(cli: Cli, case: Path) -> None:
    assert cli("eval").code == 2
    assert cli("eval", "labels.csv", "--casefile", case).code == 2
    assert cli("eval", "--casefile", case, "--split", "dev").code == 2
    assert cli("eval", "--casefile", case, "--output", case).code == 2
    with open_case(case) as opened:
        assert opened.count(ALL) == 4
