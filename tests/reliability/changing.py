"""Files that vanish, change, grow or turn into something else between listing and checking."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from posecheck.casefile.case import open_case
from posecheck.casefile.selection import ALL
from posecheck.errors import PhotoError
from posecheck.opening.refs import PhotoRef
from posecheck.results import Level
from posecheck.scan.hashing import hash_file
from tests.reliability.program import checked_at, content, is_sound, noise, run, small_sign, start
from tests.reliability.stage import Stage
from tests.reliability.table import Row

LONGEST = 600.0
"""Seconds after which a scan counts as hung."""


def changing(stage: Stage) -> list[Row]:
    """What is odd from the start, what changes at one moment, what never stops changing."""
    return [odd_things(stage), between(stage), all_the_time(stage), pipes(stage)]


def odd_things(stage: Stage) -> Row:
    """Pipes, devices, folders and loops of links that are called like photos."""
    folder = stage.room("odd")
    (folder / "foto.jpg").write_bytes(noise(0))
    os.mkfifo(folder / "pipa.jpg")
    os.mkfifo(folder / "pipa.zip")
    os.mkfifo(folder / "pipa")
    (folder / "folder.jpg").mkdir()
    (folder / "a.jpg").symlink_to("b.jpg")
    (folder / "b.jpg").symlink_to("a.jpg")
    (folder / "sendiri").symlink_to(".")
    (folder / "tak ada.jpg").symlink_to("hilang.jpg")
    (folder / "nol.jpg").symlink_to("/dev/zero")
    (folder / "terminal.jpg").symlink_to("/dev/tty")
    case = stage.room("odd-case") / "k.posecheck"
    began = time.monotonic()
    done = run("scan", folder, "--case", case, timeout=LONGEST)
    states = {Path(path).name: (state, why) for path, _, state, why, _, _ in content(case)["files"]}
    expected = {
        "foto.jpg": "done", "pipa.jpg": "skipped", "pipa.zip": "skipped", "pipa": "skipped",
        "a.jpg": "failed", "b.jpg": "failed", "sendiri": "skipped", "tak ada.jpg": "failed",
        "nol.jpg": "skipped", "terminal.jpg": "skipped",
    }  # fmt: skip
    right = sum(states.get(name, ("",))[0] == state for name, state in expected.items())
    named = run("check", folder / "pipa.jpg", timeout=LONGEST).returncode == 3
    return Row(
        "pipes, devices, folders and loops of links called like photos, in a folder and by name",
        "no hang; each is passed over or named as not checked",
        len(expected) + 1,
        right + int(named) if done.returncode == 3 else 0,
        f"exit code {done.returncode} after {time.monotonic() - began:.1f} s",
    )


def _other(path: Path) -> None:
    path.write_bytes(small_sign("peace"))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(bytes(5000))


def _cut(path: Path) -> None:
    os.truncate(path, 500)


CHANGES: dict[str, Callable[[Path], None]] = {
    "vanished": Path.unlink, "another photo": _other, "a folder": _folder, "a pipe": _pipe,
    "a loop of links": _loop, "grown": _grown, "cut short": _cut,
}  # fmt: skip


def between(stage: Stage) -> Row:
    """A scan is held, files that it has listed and not yet checked are changed, and it goes on."""
    folder, case = stage.room("between"), stage.room("between-case") / "k.posecheck"
    for number in range(60):
        (folder / f"{number:04}.jpg").write_bytes(noise(number))
    process = start("scan", folder, "--case", case, "--jobs", 2)
    while not checked_at(case) and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGSTOP)
    with closing(sqlite3.connect(case)) as connection:
        rows = connection.execute("SELECT path FROM file WHERE state = 'pending' ORDER BY id DESC")
        pending = [Path(path) for (path,) in rows][:42]  # the first few are in hand
    changed: dict[Path, str] = {}
    for number, path in enumerate(pending):
        kind = list(CHANGES)[number % len(CHANGES)]
        CHANGES[kind](path)
        changed[path] = kind
    os.kill(process.pid, signal.SIGCONT)
    try:
        process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    right = sum(_is_as_it_is_now(case, path) for path in changed)
    first = process.returncode
    again = run("scan", folder, "--case", case).returncode
    fresh = stage.room("between-fresh") / "k.posecheck"
    run("scan", folder, "--case", fresh)
    same = content(case)["files"] == content(fresh)["files"]
    return Row(
        "listed, and then " + ", ".join(CHANGES),
        "each is named as not checked, or its content of now is checked; a new scan mends all",
        len(changed) + 1,
        right + int(same and is_sound(case)),
        f"exit code {first}, again {again}; wrong results {len(changed) - right}",
    )


def _is_as_it_is_now(case: Path, path: Path) -> bool:
    """Whether the case file says of a file what is true of it now."""
    found = [row for row in content(case)["files"] if row[0] == str(path)]
    state, sha256 = found[0][2], found[0][5]
    if not path.is_symlink() and path.is_file():
        return (state, sha256) == ("done", hashlib.sha256(path.read_bytes()).hexdigest())
    return (state, sha256) == ("failed", None)


def all_the_time(stage: Stage) -> Row:
    """Files change as fast as they can throughout a scan; then all is quiet."""
    kept, seen = 0, Counter[str]()
    rounds = max(1, stage.rounds // 5)
    for number in range(rounds):
        folder = stage.room(f"restless-{number}")
        case = stage.room(f"restless-case-{number}") / "k.posecheck"
        for each in range(30):
            (folder / f"{each:04}.jpg").write_bytes(noise(each))
        contents = [noise(each) for each in range(30)] + [small_sign("peace")]
        known = {hashlib.sha256(content).hexdigest() for content in contents}
        quiet = threading.Event()
        restless = threading.Thread(target=_change, args=(folder, contents, number, quiet))
        restless.start()
        try:
            done = run("scan", folder, "--case", case, "--jobs", 2, timeout=LONGEST)
        finally:
            quiet.set()
            restless.join()
        with open_case(case) as opened:
            photos = {p.result.sha256: p.result for p in opened.photos(ALL)}
        half = [p for sha256, p in photos.items() if sha256 not in known and p.level is not None]
        seen["half-written and checked"] += len(half)
        wrong = [s for s in known & set(photos) if (photos[s].level or 0) != _truth(s, contents)]
        seen["wrong"] += len(wrong)
        run("scan", folder, "--case", case, timeout=LONGEST)
        fresh = stage.room(f"restless-fresh-{number}") / "k.posecheck"
        run("scan", folder, "--case", fresh, timeout=LONGEST)
        kept += (
            done.returncode in (0, 1, 3)
            and "Traceback" not in done.stderr
            and not wrong
            and content(case)["files"] == content(fresh)["files"]
            and is_sound(case)
        )
        shutil.rmtree(folder)
    return Row(
        "files written over, renamed over, deleted and turned into pipes throughout a scan",
        "no hang, no dead scan; each result is that of bytes that were there; a new scan mends all",
        rounds,
        kept,
        f"results that are wrong for their hash {seen['wrong']}",
    )


def _truth(sha256: str, contents: list[bytes]) -> object:
    flagged = hashlib.sha256(contents[-1]).hexdigest()
    return Level.HIGH if sha256 == flagged else Level.NONE


def _change(folder: Path, contents: list[bytes], seed: int, quiet: threading.Event) -> None:
    draw = random.Random(seed)
    paths = sorted(folder.iterdir())
    while not quiet.wait(0.002):
        path, content_now = draw.choice(paths), draw.choice(contents)
        beside = folder / ".baru"
        turn = draw.randrange(4)
        if turn == 0 and path.is_file():
            path.unlink()
        elif turn == 1:
            beside.unlink(missing_ok=True)
            os.mkfifo(beside)
            beside.replace(path)
        elif turn == 2 and path.is_file():
            path.write_bytes(content_now)
        else:
            beside.unlink(missing_ok=True)
            beside.write_bytes(content_now)
            beside.replace(path)
    for path in paths:  # pipes are photos again, so that a new scan has something to mend
        path.unlink(missing_ok=True)
        path.write_bytes(draw.choice(contents))


def pipes(stage: Stage) -> Row:
    """A file becomes a pipe in the instant between looking at it and opening it."""
    folder, quiet = stage.room("pipes"), threading.Event()
    path, spare = folder / "a.jpg", folder / "b"

    def swap() -> None:
        while not quiet.is_set():
            for make in (lambda p: p.write_bytes(noise(1)), os.mkfifo):
                make(spare)
                spare.replace(path)

    path.write_bytes(noise(1))
    swapping = threading.Thread(target=swap)
    swapping.start()
    tried, told, until = 0, Counter[str](), time.monotonic() + (5 if stage.rounds > 1 else 1)
    try:
        while time.monotonic() < until:
            tried += 1
            try:
                told["read" if hash_file(PhotoRef(str(path)), 1 << 20) else ""] += 1
            except PhotoError as error:
                told["refused" if "pipe" in str(error) else "gone"] += 1
    finally:
        quiet.set()
        swapping.join()
    return Row(
        "a photo that is now a file, now a pipe, some ten thousand times a second",
        "never waited for",
        tried,
        tried,
        f"read {told['read']}, refused as a pipe {told['refused']}",
    )
