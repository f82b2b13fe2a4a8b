"""posecheck as a process of its own, quick photos for it, and what a case file says in the end."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.selection import ALL
from posecheck.report.record import to_record

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FORMATS = ("xlsx", "html", "pdf", "csv", "jsonl", "parquet")
SIGNS = ("peace", "one", "thumb_up")
"""Samples that resemble something."""

Done = subprocess.CompletedProcess[str]


def command(*arguments: object) -> list[str]:
    """How posecheck is called, with English words."""
    return [sys.executable, "-m", "posecheck", *map(str, arguments), "--lang", "en"]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """That of this process, whatever folder the program is called in."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}


def run(*arguments: object, env: Mapping[str, str] | None = None, timeout: float = 1200) -> Done:
    """Call posecheck and wait."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        errors="replace",
        env=environment(env),
        timeout=timeout,
        start_new_session=True,
        check=False,
    )


def start(*arguments: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Call posecheck in a process group of its own, and go on."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment(env),
        start_new_session=True,
    )


def told(done: Done, code: int) -> bool:
    """Whether a run ended with one fault and its remedy in words, and no stack trace."""
    return (
        done.returncode == code
        and "Traceback" not in done.stdout + done.stderr
        and done.stderr.count("What to do:") == 1
    )


def small_sign(name: str, side: int = 240) -> bytes:
    """A sample made small, so that a check takes a moment."""
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        small = image.convert("RGB")
        small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=92)
    return file.getvalue()


def noise(number: int) -> bytes:
    """A picture without hands, unlike every other number's: the quickest photo there is."""
    pixels = np.random.default_rng(number).integers(0, 255, (48, 48, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


def album(folder: Path, plain: int = 12) -> Path:
    """Quick photos of every kind: signs, the same under two names, in an archive, broken ones."""
    folder.mkdir(parents=True)
    for number in range(plain):
        (folder / f"{number:04}.jpg").write_bytes(noise(number))
    for name in SIGNS:
        (folder / f"{name}.jpg").write_bytes(small_sign(name))
    shutil.copy(folder / "peace.jpg", folder / "salinan peace.jpg")
    (folder / "rusak.jpg").write_bytes((SAMPLES / "one.jpg").read_bytes()[:3000])
    (folder / "kosong.jpg").write_bytes(b"")
    (folder / "catatan.txt").write_text("bukan foto")
    with zipfile.ZipFile(folder / "kiriman.zip", "w") as archive:
        archive.writestr("hari 2/kepal.jpg", small_sign("fist"))
        archive.writestr("hari 2/0003.jpg", noise(3))
    return folder


def case_of(photos: Path, case: Path) -> Path:
    """A case file of photos."""
    done = run("scan", photos, "--case", case, "--jobs", 2)
    assert done.returncode in (0, 1, 3), done.stderr
    return case


def content(case: Path) -> dict[str, Any]:
    """Everything a case file says of photos and files but when and how fast, in a fixed order."""
    with open_case(case) as opened:
        return {"photos": _photos(opened), "files": _files(opened)}


def _photos(case: CaseFile) -> list[Any]:
    found = []
    for photo in case.photos(ALL):
        record = to_record(photo.result) | {"elapsed_ms": 0, "path": ""}
        pictures = [(kind, case.picture(photo.result.sha256, kind)) for kind in photo.pictures]
        names = [str(name) for name in photo.names]
        decision = None if photo.decision is None else str(photo.decision.verdict)
        found.append((json.dumps(record, sort_keys=True), names, pictures, decision))
    return sorted(found)


def _files(case: CaseFile) -> list[Any]:
    rows = case.connection.execute(
        "SELECT path, member, state, why, file.reason, photo.sha256 AS sha256 FROM file"
        " LEFT JOIN photo ON photo.id = file.photo"
        " WHERE file.scan = (SELECT max(id) FROM scan) ORDER BY path, member"
    )
    return [tuple(row) for row in rows]


def checked_at(case: Path) -> dict[str, str]:
    """When each photo was checked; nothing where there is no case file yet."""
    if not case.exists():
        return {}
    with closing(sqlite3.connect(case, timeout=30)) as connection:
        try:
            return dict(connection.execute("SELECT sha256, checked_at FROM photo"))
        except sqlite3.OperationalError:  # it has no tables yet
            return {}


def is_sound(case: Path) -> bool:
    """Whether SQLite finds no damage and the audit log is unbroken; what is not there is sound."""
    if not case.exists() or not case.stat().st_size:
        return True
    with closing(sqlite3.connect(case, timeout=30)) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not whole or strays or not tables:
        return whole and not strays
    with open_case(case) as opened:
        return all(entry.intact for entry in opened.audit())


def is_whole(path: Path, rows: int, flagged: int) -> bool:
    """Whether an exported file is complete.

    Args:
        path: The file.
        rows: Photos of the case that tables hold.
        flagged: Those that the register, the page and the sheets hold.
    """
    data = path.read_bytes()
    suffix = path.suffix
    if suffix == ".csv":
        return data.endswith(b"\r\n") and data.count(b"\r\n") == rows + 1
    if suffix == ".jsonl":
        return len([json.loads(line) for line in data.splitlines()]) == rows
    if suffix == ".parquet":
        import pyarrow.parquet as parquet

        return int(parquet.read_table(io.BytesIO(data)).num_rows) == rows
    if suffix == ".html":
        return data.rstrip().endswith(b"</html>")
    if suffix == ".pdf":
        from pypdf import PdfReader

        return len(PdfReader(io.BytesIO(data), strict=True).pages) >= flagged
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.testzip() is None and "xl/worksheets/sheet1.xml" in book.namelist()
