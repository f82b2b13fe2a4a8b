"""Kill -9 in the middle of scans, decisions and exports: `python -m tests.reliability.kills`.

Prints what was lost as a Markdown table; exits with 1 where a promise was not kept.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import threading
from collections import Counter
from functools import partial
from pathlib import Path

from posecheck.casefile.case import open_case
from posecheck.casefile.selection import ALL
from tests.reliability.killing import (
    killed_at_moment,
    killed_at_write,
    measure,
    strike,
)
from tests.reliability.program import (
    FORMATS,
    album,
    case_of,
    checked_at,
    content,
    is_sound,
    is_whole,
    run,
)
from tests.reliability.reviewing import VERDICTS, Reviewer, page
from tests.reliability.shim import faults, library
from tests.reliability.table import Row, markdown, write_json


def kill_scans(folder: Path, rounds: int, draw: random.Random) -> list[Row]:
    """Kill a scan once, go on, and compare with a scan that nobody killed."""
    photos = album(folder / "album")
    whole = folder / "whole" / "k.posecheck"
    whole.parent.mkdir()
    course = measure(whole, "scan", photos, "--case", whole, "--jobs", 2)
    wanted, code = content(whole), run("scan", photos, "--case", whole).returncode
    seen: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for number in range(rounds):
        at_write = bool(course.writes) and number % 2 == 1
        case = folder / f"{number}" / "k.posecheck"
        case.parent.mkdir()
        arguments = ("scan", photos, "--case", case, "--jobs", 2)
        if at_write:
            _, gone = killed_at_write(draw, course, case, *arguments)
        else:
            _, gone = killed_at_moment(draw, course, partial(checked_at, case), *arguments)
        _judge_scan(seen[at_write], case, photos, wanted, code, gone)
    return [_scan_row(counts, at_write) for at_write, counts in seen.items() if counts["rounds"]]


def _judge_scan(
    counts: Counter[str], case: Path, photos: Path, wanted: object, code: int, gone: bool
) -> None:
    counts["rounds"] += 1
    counts["damaged"] += not is_sound(case)
    before = checked_at(case)
    counts["kept before"] += len(before)
    counts["no photo yet"] += not before
    done = run("scan", photos, "--case", case, "--jobs", 2)
    after, found = checked_at(case), content(case)
    assert isinstance(wanted, dict)
    counts["wrong code"] += done.returncode != code
    counts["lost"] += len(set(wanted["files"]) - set(found["files"]))
    counts["wrong"] += sum(photo not in wanted["photos"] for photo in found["photos"])
    counts["twice"] += sum(after.get(sha256) != at for sha256, at in before.items())
    counts["left running"] += not gone
    counts["good"] += gone and found == wanted and done.returncode == code and is_sound(case)


def _scan_row(counts: Counter[str], at_write: bool) -> Row:
    moments = "at one of its writes or halfway through it" if at_write else "at a random moment"
    return Row(
        f"kill -9 of a scan {moments}, then the same command again",
        "photos lost 0, wrong results 0, stored results done again 0",
        counts["rounds"],
        counts["good"],
        f"photos lost {counts['lost']}, wrong {counts['wrong']}, done again {counts['twice']} of"
        f" {counts['kept before']} stored; case files damaged {counts['damaged']}; workers left"
        f" running {counts['left running']}; in {counts['no photo yet']} rounds nothing was"
        " stored yet",
    )


def kill_reviews(folder: Path, rounds: int, draw: random.Random) -> list[Row]:
    """Kill the review page while decisions arrive; each that was answered must be there."""
    case = case_of(album(folder / "album"), folder / "k.posecheck")
    with open_case(case) as opened:
        hashes = opened.hashes(ALL)
    acknowledged: list[tuple[str, str]] = []
    counts: Counter[str] = Counter()
    for number in range(rounds):
        env = None
        if library() and number % 2:
            env = faults(case, at=draw.randint(1, 200), how=draw.choice(["kill", "torn"]))
        told = len(acknowledged)
        with page(case, env) as (address, process):
            if not address:  # killed while it opened the case file
                counts["before it answered"] += 1
                continue
            timer = threading.Timer(draw.uniform(0, 2), strike, (process,))
            try:
                reviewer = Reviewer(address)
                if env is None:
                    timer.start()
                for turn in range(200):
                    sha256, verdict = hashes[turn % len(hashes)], draw.choice(VERDICTS)
                    if reviewer.decide(sha256, verdict)[0] == 303:
                        acknowledged.append((sha256, verdict))
            except (OSError, http.client.HTTPException):
                pass
            timer.cancel()
        counts["damaged"] += not is_sound(case)
        counts["none yet"] += len(acknowledged) == told
    with open_case(case) as opened:
        kept = [(d.sha256, str(d.verdict.value)) for h in hashes for d in opened.decisions(h)
                if d.verdict is not None]  # fmt: skip
    lost = Counter(acknowledged) - Counter(kept)
    extra = len(kept) - len(acknowledged) + sum(lost.values())
    return [
        Row(
            "kill -9 of the review page while decisions arrive",
            "decisions acknowledged and lost 0",
            rounds,
            rounds if not lost and not counts["damaged"] else 0,
            f"acknowledged {len(acknowledged)}, lost {sum(lost.values())}; kept though the answer"
            f" did not arrive {extra}; case files damaged {counts['damaged']};"
            f" in {counts['none yet'] + counts['before it answered']} rounds nothing was"
            " acknowledged yet",
        )
    ]


def kill_exports(folder: Path, rounds: int, draw: random.Random) -> list[Row]:
    """Kill an export; there must be the old file, the new one, or none."""
    case = case_of(album(folder / "album"), folder / "k.posecheck")
    done = {form: folder / f"done-{form}" / f"o.{form}" for form in FORMATS}
    for path in done.values():
        path.parent.mkdir()
    # Of the whole folder: what is written has another name until it is whole.
    courses = {f: measure(p.parent, "export", case, "-o", p) for f, p in done.items()}
    rows = len(done["jsonl"].read_bytes().splitlines())
    seen: Counter[str] = Counter()
    for number in range(rounds):
        form = FORMATS[number % len(FORMATS)]
        output = folder / f"{number}" / f"o.{form}"
        output.parent.mkdir()
        old = b"the old file"
        had = number // len(FORMATS) % 2 == 0
        if had:
            output.write_bytes(old)
        arguments = ("export", case, "-o", output)
        if courses[form].writes and draw.random() < 0.6:
            seen["at a write"] += 1
            killed_at_write(draw, courses[form], output.parent, *arguments)
        else:
            killed_at_moment(draw, courses[form], lambda: True, *arguments)
        seen[_what_is_there(output, old, had, rows)] += 1
        seen["temporary"] += any(path != output for path in output.parent.iterdir())
        seen["unsound"] += not is_sound(case)
    return [
        Row(
            "kill -9 of an export, every format in turn",
            "the old file, the new one, or none; never half a file",
            rounds,
            rounds - seen["half"] - seen["unsound"],
            f"{seen['at a write']} at a write, the others at a random moment; old {seen['old']},"
            f" new {seen['new']}, none {seen['none']}, half {seen['half']};"
            f" hidden temporary files left beside it {seen['temporary']}",
        )
    ]


def _what_is_there(output: Path, old: bytes, had: bool, rows: int) -> str:
    if not output.exists():
        return "half" if had else "none"  # an old file must not vanish
    if had and output.read_bytes() == old:
        return "old"
    try:
        return "new" if is_whole(output, rows, 1) else "half"
    except Exception:  # whatever a reader says to half a file
        return "half"


PARTS = {"scan": kill_scans, "review": kill_reviews, "export": kill_exports}


def main() -> int:
    """Kill, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[Row] = []
    for name, part in PARTS.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory(prefix="posecheck-kills-") as folder:
                # A string seeds alike in every process.
                chance = random.Random(f"{name} {options.seed}")
                rows += part(Path(folder), options.rounds, chance)
    sys.stdout.write(markdown("Killed", rows))
    if options.json is not None:
        write_json(options.json, {"Killed": rows})
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
