"""Folders and archives to list, and what a listing says of them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from posecheck.scan.items import Item, Listed, Skipped, Unlisted

JPEG = b"\xff\xd8\xff\xe0" + bytes(60)


def write(path: Path, content: bytes = JPEG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def marked_encrypted(archive: bytes) -> bytes:
    """The archive with every member marked as one that needs a password."""
    marked = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    return bytes(marked)


def place(item: Item, root: Path) -> str:
    """Where an item is, seen from a folder, the same on every system."""
    path = os.path.relpath(item.ref.path, root).replace(os.sep, "/")
    return f"{path}!/{item.ref.member}" if item.ref.member else path


def listed(items: Iterable[Item], root: Path) -> set[str]:
    return {place(item, root) for item in items if isinstance(item, Listed)}


def skipped(items: Iterable[Item], root: Path) -> dict[str, str]:
    return {place(item, root): item.why.value for item in items if isinstance(item, Skipped)}


def unlisted(items: Iterable[Item], root: Path) -> dict[str, str]:
    return {place(item, root): item.error.message for item in items if isinstance(item, Unlisted)}
