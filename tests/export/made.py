"""Made-up photos of a case file, and small pictures for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO

import numpy as np
from PIL import Image

from posecheck.casefile.types import CasePhoto, Decision, Finding, Recipe, Verdict
from posecheck.export.types import ExportContext
from posecheck.opening.refs import PhotoRef
from posecheck.report.texts import load
from posecheck.results import PhotoResult
from tests.report import photos as results

RECIPE = Recipe("f1" * 32, "generic", "strict", "onnx", "0.2.0", {})
CHECKED_AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=timezone.utc)
WIB = timezone(timedelta(hours=7))

NASTY = (
    "=cmd|' /C calc'!A0.jpg",
    "+1+1.jpg",
    "-2+3.jpg",
    "@SUM(A1).jpg",
    "\t=1+1.jpg",
    "\r=1+1.jpg",
    "\uff1d1+1.jpg",
    "\uff20x.jpg",
    '"quoted", and; more.jpg',
    "two\nlines.jpg",
    "<b>bold</b> & <img src='http://x.invalid/y.png'>.jpg",
    "bell\x07 and null-like \x1b[31m.jpg",
    "_x0041_.jpg",
    "bad byte \udcff.jpg",
    "\u6587\u4ef6 \u0641\u0627\u0644 \U0001f600.jpg",
    "https://example.invalid/a.jpg",
    "not a letter \ufffe\uffff.jpg",
)
"""Names and notes that a spreadsheet, XML, markup or a terminal may take for more than text."""


def decision(
    verdict: Verdict | None = Verdict.RESEMBLES, reviewer: str = "Sri Wahyuni", note: str = ""
) -> Decision:
    return Decision(
        id=1,
        sha256=results.SHA,
        verdict=verdict,
        findings=(Finding("peace", (120.0, 90.0, 200.0, 210.0)),),
        reviewer=reviewer,
        note=note,
        decided_at=datetime(2026, 11, 21, 8, 15, 0, tzinfo=timezone.utc),
        version="0.2.0",
        fingerprint=RECIPE.fingerprint,
    )


def case_photo(
    result: PhotoResult | None = None,
    *names: str,
    decided: Decision | None = None,
    pictures: Sequence[str] = (),
    number: int = 0,
) -> CasePhoto:
    """A photo; `number` gives it a hash of its own."""
    result = results.group() if result is None else result
    names = names or (result.path,)
    refs = tuple(PhotoRef(*name.split("!/", 1)) for name in names)
    if result.sha256:
        result = replace(result, sha256=f"{number:064x}" if number else result.sha256)
    return CasePhoto(
        result=replace(result, path=str(refs[0])),
        names=refs,
        bytes=2_345_678,
        checked_at=CHECKED_AT,
        recipe=RECIPE,
        decision=decided,
        verdicts=tuple(decided.verdict if decided else None for _ in result.hands),
        raised=decided is None or decided.verdict is not Verdict.DIFFERENT,
        pictures=tuple(pictures),
    )


def context(lang: str = "id", rows: str = "photos") -> ExportContext:
    return ExportContext(
        say=load(lang, "export"),
        case="satgas & rekan.db",
        exported_at=datetime(2026, 11, 22, 18, 45, 0, tzinfo=WIB),
        version="0.2.0",
        rows=rows,
    )


def jpeg(width: int = 1280, height: int = 960) -> bytes:
    """A picture with something in it."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=-1)
    file = BytesIO()
    Image.fromarray(rgb.astype(np.uint8)).save(file, "JPEG", quality=85)
    return file.getvalue()


def no_picture(sha256: str, kind: str) -> bytes | None:
    return None


def some_picture(sha256: str, kind: str) -> bytes | None:
    return PREVIEW if kind == "preview" else CLOSE_UP


PREVIEW = jpeg()
CLOSE_UP = jpeg(300, 280)
