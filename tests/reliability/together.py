"""Several programs at work on one case file at once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from pathlib import Path
from subprocess import Popen

from posecheck.casefile.case import open_case
from tests.reliability.clocks import another_year
from tests.reliability.program import (
    FORMATS,
    Done,
    checked_at,
    content,
    is_sound,
    is_whole,
    noise,
    run,
    start,
    told,
)
from tests.reliability.reviewing import VERDICTS, Reviewer, page
from tests.reliability.shim import library
from tests.reliability.stage import Stage
from tests.reliability.table import Row


def together(stage: Stage) -> list[Row]:
    """Scans, review, export and purge, two and more at a time."""
    return [
        second_scan(stage),
        at_one_moment(stage),
        scan_and_review(stage),
        scan_and_export(stage),
        review_and_purge(stage),
    ]


def _finish(process: Popen[str]) -> Done:
    out, err = process.communicate(timeout=1200)
    return Done(process.args, process.returncode, out, err)


def _until_it_has_begun(case: Path, process: Popen[str]) -> None:
    while not checked_at(case) and process.poll() is None:
        time.sleep(0.01)


def second_scan(stage: Stage) -> Row:
    """A second scan while the first is at work, by its name and through a link."""
    rounds, kept = max(1, stage.rounds // 5), 0
    for number in range(rounds):
        folder = stage.room(f"second-{number}")
        case, link = folder / "k.posecheck", folder / "tautan.posecheck"
        link.symlink_to(case.name)
        first = start("scan", stage.photos, "--case", case, "--jobs", 2)
        while not Path(f"{case}.lock").exists() and first.poll() is None:
            time.sleep(0.01)
        named, linked = stage.scan(case), stage.scan(link)
        early = first.poll() is None
        code = _finish(first).returncode
        refused = told(named, 2) and told(linked, 2) and "another scan" in named.stderr
        fine = not early or refused
        kept += fine and code == stage.code and content(case) == stage.wanted and is_sound(case)
    return Row(
        "a second scan into the same case file, also through a link to it",
        "refused in words, exit code 2; the first is not disturbed",
        rounds,
        kept,
        "the lock is the system's: it goes with the process, so none is ever left behind",
    )


def at_one_moment(stage: Stage) -> Row:
    """Five scans begin at once."""
    rounds, kept, codes = max(1, stage.rounds // 5), 0, Counter[int]()
    for number in range(rounds):
        case = stage.room(f"five-{number}") / "k.posecheck"
        processes = [start("scan", stage.photos, "--case", case, "--jobs", 1) for _ in range(5)]
        done = [_finish(process) for process in processes]
        codes.update(each.returncode for each in done)
        ended = [each.returncode for each in done if not told(each, 2)]
        kept += bool(ended) and set(ended) == {stage.code} and stage.resumes(case)
    return Row(
        "five scans into a new case file begin at once",
        "one works, the others are refused in words (or find nothing left to do)",
        rounds,
        kept,
        "exit codes " + ", ".join(f"{code}: {n}" for code, n in sorted(codes.items())),
    )


def scan_and_review(stage: Stage) -> Row:
    """Decisions on photos as they are found."""
    photos, case = stage.room("reviewed"), stage.room("reviewed-case") / "k.posecheck"
    count = 40
    for number in range(count):
        (photos / f"{number:04}.jpg").write_bytes(noise(number))
    process = start("scan", photos, "--case", case, "--jobs", 2)
    _until_it_has_begun(case, process)
    decided: dict[str, str] = {}
    draw = random.Random(0)
    with page(case) as (address, _):
        reviewer = Reviewer(address)
        while process.poll() is None or len(decided) < count:
            for sha256 in sorted(set(checked_at(case)) - set(decided)):
                verdict = draw.choice(VERDICTS)
                if reviewer.decide(sha256, verdict)[0] == 303:
                    decided[sha256] = verdict
            if process.poll() is not None and set(checked_at(case)) <= set(decided):
                break
    done = _finish(process)
    with open_case(case) as opened:
        kept = sum(
            [str(getattr(d.verdict, "value", "")) for d in opened.decisions(sha256)] == [verdict]
            for sha256, verdict in decided.items()
        )
    whole = done.returncode == 0 and len(checked_at(case)) == count and is_sound(case)
    return Row(
        "a scan, and a reviewer who decides on each photo as soon as it is stored",
        "photos lost 0, decisions lost 0",
        count,
        kept if whole else 0,
        f"{len(checked_at(case))} of {count} photos, {kept} of {len(decided)} decisions",
    )


def scan_and_export(stage: Stage) -> Row:
    """A file of each format, written while a scan is at work."""
    case = stage.copy(stage.room("exported-meanwhile"))
    photos = stage.room("more")
    for number in range(100, 140):
        (photos / f"{number}.jpg").write_bytes(noise(number))
    process = start("scan", photos, "--case", case, "--jobs", 1)
    kept = 0
    for form in FORMATS:
        output = case.with_name(f"o.{form}")
        done = run("export", case, "-o", output)
        rows = len(output.read_bytes().splitlines()) - (form == "csv") if output.exists() else 0
        if form == "parquet":
            kept += done.returncode == 0 and output.read_bytes().endswith(b"PAR1")
        else:
            kept += done.returncode == 0 and is_whole(output, rows, 1)
    done = _finish(process)
    whole = done.returncode == 0 and is_sound(case) and len(checked_at(case)) >= 40
    return Row(
        "export in every format while a scan writes",
        "whole files; the scan is not disturbed",
        len(FORMATS),
        kept if whole else 0,
        f"the scan ended with {done.returncode}",
    )


def review_and_purge(stage: Stage) -> Row:
    """Everything is deleted while decisions arrive; what is purged says so, the rest is kept."""
    if library() is None:
        return Row.skipped("a purge while decisions arrive", "needs Linux and a C compiler")
    rounds, kept, seen = max(1, stage.rounds // 5), 0, Counter[str]()
    for number in range(rounds):
        case, hashes = stage.copy(stage.room(f"purged-{number}")), stage.hashes()
        answers: list[tuple[int, str]] = []
        with page(case) as (address, process):
            reviewer = Reviewer(address)
            ended = threading.Event()

            def decide(
                reviewer: Reviewer = reviewer,
                answers: list[tuple[int, str]] = answers,
                ended: threading.Event = ended,
            ) -> None:
                while not ended.is_set():
                    for sha256 in stage.hashes():
                        answers.append(reviewer.decide(sha256, "unclear"))

            deciding = threading.Thread(target=decide)
            deciding.start()
            harmless = run("purge", case, "--older-than", "1d", "--yes")
            all_there = len(checked_at(case)) == len(hashes)
            purged = run(
                "purge", case, "--older-than", "1d", "--yes", env=another_year(stage, 2100)
            )
            ended.set()
            deciding.join()
            alive = process.poll() is None
        with open_case(case) as opened:
            strays = sum(len(opened.decisions(sha256)) for sha256 in hashes)
        seen.update(str(status) for status, _ in answers)
        seen[f"purge {purged.returncode}"] += 1
        # A photo may go between looking it up and deciding on it; then the page says so.
        said = all(status in (303, 404) or "purged" in words for status, words in answers)
        fine = said and all_there and alive and harmless.returncode == 0
        ended_well = purged.returncode == 0 or told(purged, 2)
        kept += fine and ended_well and not checked_at(case) and not strays and is_sound(case)
    return Row(
        "a purge of nothing, then of everything, while decisions arrive",
        "a decision is kept, or refused in words; nothing is half-deleted; the page lives",
        rounds,
        kept,
        "answers " + ", ".join(f"{what}: {n}" for what, n in sorted(seen.items())),
    )
