"""A disk without room: one fault in words, nothing half-written, and nothing lost."""

from __future__ import annotations

import errno
import random
import subprocess
from pathlib import Path

from posecheck.casefile.case import open_case
from tests.reliability.killing import measure
from tests.reliability.program import (
    FORMATS,
    SIGNS,
    Done,
    checked_at,
    command,
    environment,
    is_sound,
    run,
    told,
)
from tests.reliability.reviewing import Reviewer, page
from tests.reliability.shim import faults, library
from tests.reliability.stage import Stage, may_mount, resize, small_disk
from tests.reliability.table import Row

NO_DISK = "small disks need mount(2)"
NO_SHIM = "needs Linux and a C compiler"


def full_disk(stage: Stage) -> list[Row]:
    """Every command that writes."""
    rows = [scans_at_writes(stage), exports_at_writes(stage), standard_output(stage)]
    if not may_mount():
        return [*rows, Row.skipped("a full tmpfs", NO_DISK)]
    return [*rows, scans(stage), exports(stage), copies(stage), decisions(stage), purges(stage)]


def scans(stage: Stage) -> Row:
    """Case files on disks of every size up to one that is large enough."""
    sizes = [4, 8, 16, 40, 64, 100, 150, 200, 300, 400][:: 1 if stage.rounds > 1 else 4]
    kept = failed = 0
    for size in sizes:
        with small_disk(stage.folder / f"disk-{size}", size) as disk:
            case = disk / "k.posecheck"
            first = stage.scan(case)
            fine = told(first, 2) or first.returncode == stage.code
            failed += first.returncode == 2
            before = checked_at(case)
            resize(disk, 20_000)
            fine &= stage.resumes(case)
            after = checked_at(case)
            kept += fine and all(after[sha256] == at for sha256, at in before.items())
    return Row(
        "case file on a tmpfs of 4 to 400 kB; then room is made and the scan is called again",
        "one fault with a remedy, exit code 2; then the same as an undisturbed scan",
        len(sizes),
        kept,
        f"{failed} of {len(sizes)} scans ran out of room",
    )


def scans_at_writes(stage: Stage) -> Row:
    """The disk is full from a random write on; that needs no privileges."""
    promised = "one fault with a remedy, exit code 2; then the same as an undisturbed scan"
    fault = "every write of a scan fails (ENOSPC) from a random one on"
    if library() is None:
        return Row.skipped(fault, NO_SHIM)
    draw, kept, failed = random.Random(0), 0, 0
    whole = stage.room("enospc-whole") / "k.posecheck"
    course = measure(whole, "scan", stage.photos, "--case", whole, "--jobs", 2)
    for number in range(stage.rounds):
        case = stage.room(f"enospc-{number}") / "k.posecheck"
        at = draw.randint(1, course.writes)
        done = stage.scan(case, env=faults(case, at=at, how="gone", error=errno.ENOSPC))
        fine = told(done, 2) or done.returncode == stage.code
        failed += done.returncode == 2
        kept += fine and is_sound(case) and stage.resumes(case)
    return Row(
        fault, promised, stage.rounds, kept, f"{failed} of {stage.rounds} scans ran out of room"
    )


def exports_at_writes(stage: Stage) -> Row:
    """Every write of every format fails once in its turn."""
    fault = "each write of an export fails (ENOSPC), every format, an old file there"
    if library() is None:
        return Row.skipped(fault, NO_SHIM)
    tried = kept = 0
    for form in FORMATS:
        folder = stage.room(f"enospc-{form}")
        case, output = stage.copy(stage.room(f"enospc-case-{form}")), folder / f"o.{form}"
        course = measure(folder, "export", case, "-o", output)
        step = 1 if stage.rounds > 1 else max(1, course.writes // 2)
        for at in range(1, course.writes + 1, step):
            output.write_bytes(b"the old file")
            env = faults(folder, at=at, how="gone", error=errno.ENOSPC)
            done = run("export", case, "-o", output, env=env)
            tried += 1
            kept += told(done, 2) and _only(folder, output, b"the old file")
    return Row(
        fault,
        "one fault with a remedy, exit code 2; the old file is untouched, nothing beside it",
        tried,
        kept,
        f"{tried} writes of {len(FORMATS)} formats",
    )


def _only(folder: Path, output: Path, content: bytes) -> bool:
    return list(folder.iterdir()) == [output] and output.read_bytes() == content


def exports(stage: Stage) -> Row:
    """A disk that holds half of the file; also where only temporary files have no room."""
    tried = kept = 0
    case = stage.copy(stage.room("exported"))
    for form in FORMATS:
        whole = stage.folder / f"whole.{form}"
        run("export", case, "-o", whole)
        half = max(4, whole.stat().st_size // 2048 // 4 * 4)
        with small_disk(stage.folder / f"half-{form}", half) as disk:
            done = run("export", case, "-o", disk / f"o.{form}")
            tried += 1
            kept += told(done, 2) and not list(disk.iterdir())
        with small_disk(stage.folder / f"tmp-{form}", 4) as disk:
            output = stage.room(f"beside-{form}") / f"o.{form}"
            done = run("export", case, "-o", output, env={"TMPDIR": str(disk)})
            tried += 1
            ended = told(done, 2) if done.returncode else output.exists()
            kept += ended and not list(disk.iterdir())
    return Row(
        "export to a tmpfs half as large as the file; and with no room for temporary files",
        "one fault with a remedy and no file; or the whole file",
        tried,
        kept,
        f"{len(FORMATS)} formats, each both ways",
    )


def copies(stage: Stage) -> Row:
    """Annotated copies, and results in a file."""
    tried = kept = 0
    signs = [stage.photos / f"{name}.jpg" for name in SIGNS]
    for size in (4, 16, 28):
        with small_disk(stage.folder / f"copies-{size}", size) as disk:
            done = run("check", *signs, "--annotate", disk / "out")
            left = [path.read_bytes() for path in (disk / "out").iterdir()]
            tried += 1
            kept += told(done, 2) and all(copy.endswith(b"\xff\xd9") for copy in left)
    with small_disk(stage.folder / "results", 4) as disk:
        done = run("check", *signs, "--format", "json", "-o", disk / "o.json")
        tried += 1
        kept += told(done, 2) and not list(disk.iterdir())
    return Row(
        "`check --annotate` and `check -o` on a tmpfs too small for them",
        "one fault with a remedy, exit code 2; copies are whole or not there",
        tried,
        kept,
        "no half copy, no temporary file",
    )


def decisions(stage: Stage) -> Row:
    """The disk fills while the page is open, and is emptied again."""
    hashes, kept, refused, lost = stage.hashes(), 0, 0, 0
    with small_disk(stage.folder / "decisions", 4_000) as disk:
        case = stage.copy(disk)
        with page(case) as (address, _):
            reviewer = Reviewer(address)
            for number in range(stage.rounds):
                sha256 = hashes[number % len(hashes)]
                before = _count(case, sha256)
                _fill(disk / "filler")
                verdicts = 0
                while (answer := reviewer.decide(sha256, "unclear"))[0] == 303 and verdicts < 99:
                    verdicts += 1  # what was in the log's file already has room yet
                now = _count(case, sha256)
                lost += now < before + verdicts
                refused += answer[0] == 500
                (disk / "filler").unlink()
                again, _ = reviewer.decide(sha256, "resembles")
                words = "No space" in answer[1] or "full" in answer[1] or "space" in answer[1]
                fine = answer[0] == 500 and words and now == before + verdicts and again == 303
                kept += fine and _count(case, sha256) == now + 1
        kept = kept if is_sound(case) else 0
    return Row(
        "the disk fills while the review page is open, and is emptied again",
        "a decision without room is said not to be kept; with room the same page goes on",
        stage.rounds,
        kept,
        f"{refused} decisions refused in words; acknowledged and lost {lost}",
    )


def _count(case: Path, sha256: str) -> int:
    with open_case(case) as opened:
        return len(opened.decisions(sha256))


def _fill(path: Path) -> None:
    """Write until there is no room."""
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def purges(stage: Stage) -> Row:
    """Shrinking a case file needs room for a copy."""
    with small_disk(stage.folder / "purged", 4_000) as disk:
        case = stage.copy(disk)
        with open_case(case) as opened:
            opened.connection.execute("UPDATE photo SET checked_at = '2001'")
            opened.connection.execute("UPDATE scan SET started_at = '2001'")
        _fill(disk / "filler")
        done = run("purge", case, "--older-than", "1d", "--yes")
        (disk / "filler").unlink()  # even reading wants a little room
        sound, left = is_sound(case), len(checked_at(case))
        again = run("purge", case, "--older-than", "1d", "--yes")
        gone = not checked_at(case) and is_sound(case)
    whole = left in (0, len(stage.hashes()))
    return Row(
        "`purge` on a full disk; then room is made and it is called again",
        "one fault with a remedy; all or nothing is deleted; then all",
        1,
        int(told(done, 2) and sound and whole and again.returncode == 0 and gone),
        f"photos left by the purge that failed: {left} of {len(stage.hashes())}",
    )


def standard_output(stage: Stage) -> Row:
    """Results go to a full disk through `>`."""
    case = stage.copy(stage.room("stdout"))
    calls = [
        command("check", stage.photos / "peace.jpg"),
        command("check", stage.photos / "peace.jpg", "--format", "json"),
        command("scan", stage.photos, "--case", case),
        command("audit", case),
        command("audit", case, "--log"),
        command("purge", case, "--older-than", "1d", "--dry-run"),
        command("purge", case, "--older-than", "1d", "--yes"),
        command("poses"),
        command("--help"),
        command("scan", "--help"),
        command("--version"),
    ]
    done = [_into_full(call) for call in calls]
    return Row(
        "standard output is a full disk (/dev/full), every command",
        "one fault with a remedy, exit code 2",
        len(done),
        sum(told(each, 2) for each in done),
        "no stack trace",
    )


def _into_full(call: list[str]) -> Done:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            call, stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), check=False
        )
    return Done(call, done.returncode, "", done.stderr)
