"""Folders that may not be written to: the case file's, the photos', the output's."""

from __future__ import annotations

import hashlib
import os

from tests.reliability.program import FORMATS, content, is_sound, run, told
from tests.reliability.stage import Stage, may_mount, read_only
from tests.reliability.table import Row

FAULT = "one fault with a remedy, exit code 2; nothing is written"


def read_only_folders(stage: Stage) -> list[Row]:
    """Each of the three folders in its turn."""
    if not may_mount() and os.geteuid() == 0:
        return [Row.skipped("read-only folders", "the administrator may write to all of them")]
    return [photos(stage), new_case(stage), old_case(stage), outputs(stage)]


def photos(stage: Stage) -> Row:
    """Photos on a read-only disk are checked like any others."""
    case = stage.room("case-beside") / "k.posecheck"
    with read_only(stage.photos):
        fine = stage.resumes(case)
        checked = run("check", stage.photos / "peace.jpg")
    return Row(
        "photos in a read-only folder",
        "checked like any others",
        2,
        int(fine) + int(checked.returncode == 1),
        "the same as an undisturbed scan; `check` as well",
    )


def new_case(stage: Stage) -> Row:
    """A case file that cannot be made."""
    folder = stage.room("no-case")
    with read_only(folder):
        done = stage.scan(folder / "k.posecheck")
    kept = told(done, 2) and not list(folder.iterdir())
    return Row("a new case file in a read-only folder", FAULT, 1, int(kept), _first(done.stderr))


def old_case(stage: Stage) -> Row:
    """A case file that cannot be written to: nothing is done that could not be kept."""
    folder = stage.room("old-case")
    case = stage.copy(folder)
    output = stage.room("from-read-only") / "o.csv"
    before = hashlib.sha256(case.read_bytes()).digest()
    calls: dict[str, tuple[object, ...]] = {
        "scan": ("scan", stage.photos, "--case", case),
        "export": ("export", case, "-o", output),
        "purge": ("purge", case, "--older-than", "1d", "--yes"),
        "audit": ("audit", case),
        "review": ("review", case, "--no-browser"),
    }
    with read_only(folder):
        done = {name: run(*call, timeout=60) for name, call in calls.items()}
    same = hashlib.sha256(case.read_bytes()).digest() == before
    kept = sum(told(each, 2) and same for each in done.values()) - output.exists()
    codes = ", ".join(f"{name} {each.returncode}" for name, each in done.items())
    whole = content(case) == stage.wanted and is_sound(case)
    return Row(
        "an old case file in a read-only folder: " + ", ".join(calls),
        FAULT,
        len(calls),
        kept if whole else 0,
        f"exit codes: {codes}; {_first(done['review'].stderr)}",
    )


def outputs(stage: Stage) -> Row:
    """Results that cannot be kept where they are wanted."""
    case, folder = stage.copy(stage.room("exporting")), stage.room("output")
    sign = stage.photos / "peace.jpg"
    with read_only(folder):
        done = [run("export", case, "-o", folder / f"o.{form}") for form in FORMATS]
        done.append(run("check", sign, "--annotate", folder))
        done.append(run("check", sign, "--annotate", folder / "new"))
        done.append(run("check", sign, "--format", "json", "-o", folder / "o.json"))
    kept = sum(told(each, 2) for each in done) if not list(folder.iterdir()) else 0
    return Row(
        "the output in a read-only folder: export, `check --annotate`, `check -o`",
        FAULT,
        len(done),
        kept,
        f"case file sound: {'yes' if is_sound(case) else 'no'}",
    )


def _first(words: str) -> str:
    return words.splitlines()[0].rpartition(": ")[2] if words else ""
