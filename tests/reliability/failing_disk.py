"""A disk that is slow, and one that answers with errors."""

from __future__ import annotations

import errno
import http.client
import random
import time

from posecheck.casefile.case import open_case
from tests.reliability.killing import measure
from tests.reliability.program import FORMATS, content, is_sound, is_whole, run, told
from tests.reliability.reviewing import Reviewer, page
from tests.reliability.shim import faults, library
from tests.reliability.stage import Stage
from tests.reliability.table import Row

SLOW_MS = 100
"""Milliseconds a wait for the disk takes longer: a worn USB stick, a busy network drive."""


def failing_disk(stage: Stage) -> list[Row]:
    """Everything that writes."""
    if library() is None:
        return [Row.skipped("slow and failing disks", "needs Linux and a C compiler")]
    return [slow(stage), scans(stage), exports(stage), decisions(stage)]


def slow(stage: Stage) -> Row:
    """A scan, a decision and an export where every wait for the disk is long."""
    case = stage.room("slow") / "k.posecheck"
    began = time.monotonic()
    env = faults(case.parent, slow_ms=SLOW_MS)
    first = stage.scan(case, env=env)
    seconds = time.monotonic() - began
    fine = int(first.returncode == stage.code and content(case) == stage.wanted)
    sha256 = stage.hashes()[0]
    with page(case, env) as (address, _):
        reviewer = Reviewer(address)
        reviewer.look(sha256)
        began = time.monotonic()
        fine += reviewer.decide(sha256, "resembles")[0] == 303
        waited = time.monotonic() - began
    with open_case(case) as opened:
        fine += len(opened.decisions(sha256)) == 1
    output = case.with_name("o.jsonl")
    fine += run("export", case, "-o", output, env=env).returncode == 0
    return Row(
        f"every wait for the disk takes {SLOW_MS} ms longer: scan, decision, export",
        "the same as on a quick disk, only later",
        4,
        fine if is_sound(case) else 0,
        f"scan of {len(stage.hashes())} photos {seconds:.1f} s, a decision {waited:.2f} s",
    )


def scans(stage: Stage) -> Row:
    """One write, or all from one on, end in an input/output error."""
    draw, kept, failed = random.Random(0), 0, 0
    whole = stage.room("eio-whole") / "k.posecheck"
    course = measure(whole, "scan", stage.photos, "--case", whole, "--jobs", 2)
    for number in range(stage.rounds):
        case = stage.room(f"eio-{number}") / "k.posecheck"
        how = ("fail", "gone")[number % 2]
        env = faults(case, at=draw.randint(1, course.writes), how=how, error=errno.EIO)
        done = stage.scan(case, env=env)
        failed += done.returncode == 2
        fine = told(done, 2) or (done.returncode == stage.code and content(case) == stage.wanted)
        kept += fine and is_sound(case) and stage.resumes(case)
    return Row(
        "a random write of a scan ends in EIO, once or from then on; then the scan is called again",
        "one fault with a remedy, exit code 2; then the same as an undisturbed scan",
        stage.rounds,
        kept,
        f"{failed} scans failed in words, the others came to their end",
    )


def exports(stage: Stage) -> Row:
    """Each write of every format ends in EIO in its turn."""
    case = stage.copy(stage.room("eio-case"))
    run("export", case, "-o", stage.folder / "rows.jsonl")
    rows = len((stage.folder / "rows.jsonl").read_bytes().splitlines())
    tried = kept = 0
    for form in FORMATS:
        folder = stage.room(f"eio-{form}")
        output = folder / f"o.{form}"
        course = measure(folder, "export", case, "-o", output)
        step = 1 if stage.rounds > 1 else max(1, course.writes // 2)
        for at in range(1, course.writes + 1, step):
            output.unlink(missing_ok=True)
            env = faults(folder, at=at, how="fail", error=errno.EIO)
            done = run("export", case, "-o", output, env=env)
            nothing = told(done, 2) and not list(folder.iterdir())
            all_of_it = done.returncode == 0 and is_whole(output, rows, 1)
            tried += 1
            kept += nothing or all_of_it
    return Row(
        "each write of an export ends in EIO, every format",
        "one fault with a remedy, exit code 2, and no file",
        tried,
        kept,
        f"{tried} writes of {len(FORMATS)} formats",
    )


def decisions(stage: Stage) -> Row:
    """The disk fails under the review page."""
    draw, hashes, kept = random.Random(0), stage.hashes(), 0
    acknowledged = refused = extra = lost = 0
    for number in range(stage.rounds):
        case = stage.copy(stage.room(f"eio-page-{number}"))
        how = ("fail", "gone")[number % 2]
        env = faults(case, at=draw.randint(1, 80), how=how, error=errno.EIO)
        told_of: list[str] = []
        with page(case, env) as (address, process):
            if not address:  # the case file could not even be opened; that was said
                kept += process.wait(60) == 2
                continue
            reviewer = Reviewer(address)
            for turn in range(12):
                sha256 = hashes[turn % len(hashes)]
                try:
                    status, _ = reviewer.decide(sha256, "unclear")
                except (OSError, http.client.HTTPException):
                    status = 0
                if status == 303:
                    told_of.append(sha256)
                refused += status == 500
        with open_case(case) as opened:
            there = [d.sha256 for sha256 in hashes for d in opened.decisions(sha256)]
        missing = [sha256 for sha256 in told_of if sha256 not in there]
        lost += len(missing)
        extra += len(there) - len(told_of)
        acknowledged += len(told_of)
        kept += not missing and is_sound(case)
    return Row(
        "writes of the review page end in EIO, once or from then on, while decisions arrive",
        "a decision is acknowledged and kept, or refused in words",
        stage.rounds,
        kept,
        f"acknowledged {acknowledged}, refused {refused}, acknowledged and lost {lost}, kept"
        f" though refused {extra}",
    )
