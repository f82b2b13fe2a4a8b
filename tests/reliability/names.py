"""Good photos with bad names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.reliability.pictures import good

NAMES = (
    b"two\nlines.jpg", b"tab\tand\rreturn.jpg", b"bell\x07 escape\x1b[31m red.jpg",
    b"'single' \"double\" `back`.jpg", b"$(id); rm -rf ~ & | foto.jpg", b"%n%s%p {0} {name}.jpg",
    b"=cmd|' /C calc'!A0.jpg", b"+1+1.jpg", b"-rf.jpg", b"--help.jpg", b"@SUM(1).jpg",
    b"<script>alert(1)</script>.jpg".replace(b"/", b""), b"&lt;b&gt;.jpg", b"a\\b\\c.jpg",
    b"C:.jpg",
    b" leading and trailing .jpg", b"..jpg", b"...jpg", b"a" * 251 + b".jpg", b"CON.jpg", b"*?.jpg",
    "foto 📷👍🏽.jpg".encode(), "👨‍👩‍👧‍👦.jpg".encode(), "abc\u202egpj.exe.jpg".encode(),
    "\u200f\u2066صورة.jpg".encode(),
    "é.jpg".encode(), "e\u0301.jpg".encode(), "日本語.jpg".encode(),
    "\ufeffbom.jpg".encode(), "\u2028line.jpg".encode(), "\u0000".encode("utf-16") + b"x.jpg",
    b"\xff\xfe\xfd.jpg", b"latin-\xe9.jpg", b"\xed\xa0\x80.jpg", b"\xc0\xaf.jpg",
    ("é" * 125).encode() + b".jpg", b"no ending", b"ENDING.JPG", b"jpg", b"foto.jpg.exe", b"#.jpg",
)  # fmt: skip


def named(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write a photo, and one that is cut short, under each name that the file system takes."""
    _, photo = good()["JPEG"]
    for part, content in (("whole", photo), ("cut", photo[: len(photo) // 2])):
        place = folder / part
        place.mkdir(parents=True)
        for name in NAMES:
            if b"\0" in name or b"/" in name:
                continue
            path = place / os.fsdecode(name)
            try:
                path.write_bytes(content)
            except (OSError, ValueError):  # Windows and some network drives take fewer names
                continue
            yield "names", path
