"""Open thousands of bad photos, scan and check a part of them, and say what happened.

    python -m tests.reliability.bad_photos [--files 5000] [--scan 600] [--seed 1] [--output FOLDER]

Takes some minutes.  Writes bad_photos.md and bad_photos.json to FOLDER; exit code 1 if a promise
was broken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from posecheck.opening import iter_photo_paths
from posecheck.results import Status
from posecheck.scan.items import Skipped
from posecheck.scan.listing import list_files
from posecheck.scan.memory import DEFAULT_BYTES
from tests.reliability.corpus import Bad, draw, write_corpus
from tests.reliability.measured_opening import FAULT, open_all

SECONDS = 300.0
"""As many as a scan allows by default; many more than are needed on a computer that is idle."""
REASONS = (Status.UNREADABLE.value, Status.UNSUPPORTED.value, Status.TOO_LARGE.value)
LOST = (Status.CRASHED.value, Status.TIMED_OUT.value)

Found = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Command:
    """What a command said of a part of the corpus.

    Attributes:
        name: Which.
        code: Its exit code.
        expected: How many photos are in the folder.
        statuses: Photos by status.
        misread: Hashes of what cannot be opened and yet has a verdict, or has no outcome at all.
        stray: Lines on standard error; there should be none, since it was asked to be quiet.
        seconds: How long it took.
    """

    name: str
    code: int
    expected: int
    statuses: Mapping[str, int]
    misread: Sequence[str]
    stray: Sequence[str]
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether it did as was promised."""
        every = sum(self.statuses.values()) == self.expected
        bad = {Status.ERROR.value, *LOST} & set(self.statuses)
        return self.code == 3 and every and not (bad or self.misread or self.stray)


def link_part(files: Sequence[Bad], folder: Path) -> None:
    """Give files a second name in a folder, each in a folder of its own."""
    for number, bad in enumerate(files):
        place = folder / f"{number:05d} {bad.kind}"
        place.mkdir(parents=True)
        os.link(bad.path, place / bad.path.name)


def scanned(part: Path, refused: Set[str], work: Path) -> Command:
    """`posecheck scan`, its case file read back through `posecheck export`."""
    case, out = work / "case.posecheck", work / "case.jsonl"
    started = time.monotonic()
    done = posecheck("scan", "--case", case, "--quiet", "--no-archives", part)
    seconds = time.monotonic() - started
    exported = posecheck("export", case, "--format", "jsonl", "-o", out)
    assert exported.returncode == 0, exported.stderr
    rows = _rows(out.read_bytes())
    listed = [item for item in list_files([str(part)]) if not isinstance(item, Skipped)]
    rows = [row for row in rows for _ in row["names"]]
    return _judged("scan", done, rows, len(listed), refused, seconds)


def checked(part: Path, refused: Set[str]) -> Command:
    """`posecheck check` on the same folder."""
    started = time.monotonic()
    done = posecheck("check", "--format", "jsonl", "--quiet", part)
    seconds = time.monotonic() - started
    rows = _rows(done.stdout)
    expected = len(list(iter_photo_paths([part])))
    return _judged("check", done, rows, expected, refused, seconds)


def _rows(lines: bytes) -> list[dict[str, Any]]:
    """JSON objects, one a line; in a name there may be what Python takes for the end of one."""
    return [json.loads(line) for line in lines.split(b"\n") if line]


def posecheck(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """The command line, as a process of its own."""
    return subprocess.run([sys.executable, "-m", "posecheck", *arguments], capture_output=True)


def _judged(
    name: str,
    done: subprocess.CompletedProcess[bytes],
    rows: Sequence[Mapping[str, Any]],
    expected: int,
    refused: Set[str],
    seconds: float,
) -> Command:
    verdicts = {row["sha256"] for row in rows if row["status"] == Status.CHECKED.value}
    return Command(
        name,
        done.returncode,
        expected,
        dict(Counter(row["status"] for row in rows)),
        sorted(verdicts & refused),
        done.stderr.decode("utf-8", "replace").splitlines(),
        seconds,
    )


def refused_hashes(files: Sequence[Bad], opened: Found) -> set[str]:
    """SHA-256 of what the opener did not open."""
    return {
        hashlib.sha256(bad.path.read_bytes()).hexdigest()
        for bad in files
        if opened[str(bad.path)]["outcome"] != Status.CHECKED.value
    }


def table(files: Sequence[Bad], opened: Found) -> list[dict[str, Any]]:
    """A row for each kind, and one for all."""
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for bad in files:
        kinds[bad.kind].append(opened[str(bad.path)])
    kinds["all"] = [opened[str(bad.path)] for bad in files]
    rows = []
    for kind, some in kinds.items():
        counts = Counter(one["outcome"] for one in some)
        row: dict[str, Any] = {"kind": kind, "files": len(some)}
        row |= {what: counts[what] for what in ("checked", *REASONS, FAULT, *LOST)}
        row["worst_seconds"] = round(max(one.get("seconds", 0.0) for one in some), 2)
        row["worst_mb"] = round(max(one.get("peak_mb", 0.0) for one in some))
        rows.append(row)
    return rows


def broken(files: Sequence[Bad], opened: Found) -> list[str]:
    """What ended neither opened nor with a reason."""
    fine = {"checked", *REASONS}
    return [
        f"{bad.path}: {opened[str(bad.path)]['outcome']}: {opened[str(bad.path)]['reason']}"
        for bad in files
        if opened[str(bad.path)]["outcome"] not in fine
    ]


def markdown(rows: Sequence[Mapping[str, Any]], commands: Sequence[Command]) -> str:
    """Both tables."""
    heads = list(rows[0])
    lines = [
        "| " + " | ".join(heads).replace("_", " ") + " |",
        "|---|" + "---:|" * (len(heads) - 1),
    ]
    lines += ["| " + " | ".join(str(row[head]) for head in heads) + " |" for row in rows]
    lines += ["", "| command | photos | outcomes | exit code | misread | stray lines | seconds |"]
    lines += ["|---|---:|---|---:|---:|---:|---:|"]
    for command in commands:
        outcomes = ", ".join(f"{n} {what}" for what, n in sorted(command.statuses.items()))
        numbers = (command.code, len(command.misread), len(command.stray), f"{command.seconds:.0f}")
        cells = (command.name, command.expected, outcomes, *numbers)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def run_commands(files: Sequence[Bad], opened: Found, work: Path) -> list[Command]:
    """`scan` and `check` on some files of the corpus."""
    part = work / "part"
    link_part(files, part)
    refused = refused_hashes(files, opened)
    return [scanned(part, refused, work), checked(part, refused)]


def main() -> int:
    """Do all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument(
        "--scan", type=int, default=600, help="files that are scanned and checked, or 0"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=Path())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = write_corpus(work / "corpus", options.files, options.seed)
        opened = open_all(files, seconds=SECONDS, memory=DEFAULT_BYTES)
        rows, faults = table(files, opened), broken(files, opened)
        (options.output / "bad_photos.md").write_text(markdown(rows, []))  # if a command hangs
        # A hundred megapixels take minutes to look for hands in, and are no harder to survive.
        some = draw([bad for bad in files if bad.kind != "large"], options.scan, options.seed)
        commands = run_commands(some, opened, work) if some else []
    text = markdown(rows, commands)
    print(text, *faults, *(line for command in commands for line in command.stray), sep="\n")
    found = {"seed": options.seed, "kinds": rows, "commands": list(map(asdict, commands))}
    found["broken"] = faults
    (options.output / "bad_photos.md").write_text(text)
    (options.output / "bad_photos.json").write_text(json.dumps(found, indent=1) + "\n")
    return 0 if not faults and all(command.kept for command in commands) else 1


if __name__ == "__main__":
    sys.exit(main())
