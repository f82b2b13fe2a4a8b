"""A clock that is wrong by years, that jumps during a run, and files from odd times."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from posecheck.casefile.case import open_case
from tests.reliability.program import (
    FORMATS,
    checked_at,
    content,
    is_sound,
    is_whole,
    noise,
    run,
)
from tests.reliability.reviewing import VERDICTS, Reviewer, page
from tests.reliability.shim import faults, library
from tests.reliability.stage import Stage
from tests.reliability.table import Row

YEARS = (1975, 2001, 2037, 2039, 2100)
"""Before the first ZIP time, in the past, around the end of 32-bit seconds, far ahead."""


def clocks(stage: Stage) -> list[Row]:
    """Wrong clocks need the shim; odd times of files do not."""
    rows = [odd_times(stage)]
    if library() is None:
        return [*rows, Row.skipped("wrong clocks", "needs Linux and a C compiler")]
    return [*rows, years(stage), jumping(stage), decided(stage), purged(stage)]


def another_year(stage: Stage, year: int) -> dict[str, str]:
    """An environment in which it is another year."""
    now = datetime.now(timezone.utc)
    seconds = int((now.replace(year=year, day=min(now.day, 28)) - now).total_seconds())
    clock = stage.folder / f"clock-{year}"
    clock.write_text(str(seconds))
    return faults(clock=clock)


def years(stage: Stage) -> Row:
    """A scan in one year goes on in another, and is exported in a third."""
    kept, chosen = 0, YEARS if stage.rounds > 1 else YEARS[:1]
    for number, year in enumerate(chosen):
        case = stage.room(f"year-{year}") / "k.posecheck"
        wrong, later = another_year(stage, year), another_year(stage, chosen[number - 1])
        fine = stage.scan(case, env=wrong).returncode == stage.code
        fine &= content(case) == stage.wanted
        before = checked_at(case)
        fine &= all(at.startswith(str(year)) for at in before.values())  # the clock was wrong
        fine &= stage.scan(case, env=later).returncode == stage.code
        fine &= stage.resumes(case) and checked_at(case) == before
        rows = 0
        for form in ("jsonl", *FORMATS):
            output = case.with_name(f"o.{form}")
            fine &= run("export", case, "-o", output, env=later).returncode == 0
            rows = rows or len(output.read_bytes().splitlines())
            fine &= is_whole(output, rows, 1)
        kept += fine
    return Row(
        f"scans in {', '.join(map(str, chosen))}, gone on with in another year, exported",
        "the same as an undisturbed scan; nothing done again; every format is written",
        len(chosen),
        kept,
        "time of day orders nothing: photos and decisions are ordered by number",
    )


@contextmanager
def _jumps(clock: Path, seed: int) -> Iterator[dict[str, str]]:
    """A clock that jumps by up to 30 years, back and forth, many times a second."""
    draw, quiet = random.Random(seed), threading.Event()
    clock.write_text("0")

    def jump() -> None:
        while not quiet.wait(0.02):
            fresh = clock.with_suffix(".new")
            fresh.write_text(str(draw.randint(-1_000_000_000, 1_000_000_000)))
            fresh.replace(clock)

    thread = threading.Thread(target=jump)
    thread.start()
    try:
        yield faults(clock=clock)
    finally:
        quiet.set()
        thread.join()


def jumping(stage: Stage) -> Row:
    """The clock jumps while photos are checked, each of which has a time limit."""
    rounds, kept = max(1, stage.rounds // 5), 0
    for number in range(rounds):
        case = stage.room(f"jumping-{number}") / "k.posecheck"
        with _jumps(stage.folder / "jumping", number) as env:
            done = stage.scan(case, env=env)
        kept += done.returncode == stage.code and content(case) == stage.wanted and is_sound(case)
    return Row(
        "the clock jumps by up to 30 years, 50 times a second, during a scan with time limits",
        "no photo is given up for time; the same as an undisturbed scan",
        rounds,
        kept,
        "limits are measured with a clock that only goes forward",
    )


def decided(stage: Stage) -> Row:
    """What was said last holds, whatever time it was."""
    case, hashes = stage.copy(stage.room("jumping-decisions")), stage.hashes()
    draw, last, answered = random.Random(0), dict[str, str](), 0
    with _jumps(stage.folder / "jumping-page", 1) as env, page(case, env) as (address, _):
        reviewer = Reviewer(address)
        turns = stage.rounds * 3
        for number in range(turns):
            sha256, verdict = hashes[number % len(hashes)], draw.choice(VERDICTS)
            answered += reviewer.decide(sha256, verdict)[0] == 303
            last[sha256] = verdict
    kept = 0
    with open_case(case) as opened:
        for sha256, verdict in last.items():
            photo = opened.photo(sha256)
            said = opened.decisions(sha256)
            held = photo is not None and (
                photo.decision is None or photo.decision.id == said[-1].id
            )
            kept += held and str(getattr(said[-1].verdict, "value", "")) == verdict
    whole = answered == turns and is_sound(case)
    return Row(
        "the clock jumps while decisions are made",
        "the last decision on each photo holds; the page stays open; the audit log is unbroken",
        len(last),
        kept if whole else 0,
        f"{answered} of {turns} decisions acknowledged",
    )


def odd_times(stage: Stage) -> Row:
    """Files from before 1970, from the future, and changed with their time set back."""
    folder, case = stage.room("odd-times"), stage.room("odd-times-case") / "k.posecheck"
    times = [-2_000_000_000, -1, 0, 2**31, 4_102_444_800, 10_000_000_000]
    for number, seconds in enumerate(times):
        path = folder / f"{number}.jpg"
        path.write_bytes(noise(number))
        os.utime(path, (seconds, seconds))
    first = run("scan", folder, "--case", case).returncode
    before = checked_at(case)
    again = run("scan", folder, "--case", case).returncode
    same = checked_at(case) == before
    time.sleep(0.05)  # the system's own time of change has steps of a few milliseconds
    path = folder / "2.jpg"
    fresh = noise(99)
    path.write_bytes(fresh.ljust(len(noise(2)), b"\0")[: len(noise(2))])
    os.utime(path, (0, 0))
    run("scan", folder, "--case", case)
    seen = len(set(checked_at(case)) - set(before)) == 1
    return Row(
        "photos from 1906, 1969, 1970, 2038, 2100 and 2286; one changed with its length and time"
        " kept",
        "checked; not done again; what changed is checked again",
        3,
        int(first == 0) + int(again == 0 and same) + int(seen),
        "the time of change, which programs cannot set, is part of what is compared",
    )


def purged(stage: Stage) -> Row:
    """What `purge` deletes depends on the clock: measured, since it cannot be promised."""
    case = stage.room("purged-early") / "k.posecheck"
    stage.scan(case, env=another_year(stage, 2001))
    shown = run("purge", case, "--older-than", "1y", "--dry-run")
    asked = len(checked_at(case)) == len(stage.hashes())
    ahead = stage.copy(stage.room("purged-late"))
    run("purge", ahead, "--older-than", "1y", "--yes", env=another_year(stage, 2100))
    gone = not checked_at(ahead)
    return Row(
        "`purge --older-than 1y` of photos checked when it was 2001; and when it is 2100",
        "none: ages are told by the clock. `--dry-run` deletes nothing, a person is asked first",
        1,
        int(shown.returncode == 0 and asked),
        f"both would delete everything ({'seen' if gone else 'not seen'}); decisions go with it",
    )
