"""What must be known of a HEIF file before its decoder may see it."""

from __future__ import annotations

from collections.abc import Iterator

_LONG, _TO_THE_END = 1, 0
"""Lengths that are no lengths (ISO/IEC 14496-12, 4.2)."""


def has_readable_names(content: bytes) -> bool:
    """Whether the types and names of all items are text, as ISO/IEC 14496-12, 8.11.6 has it.

    pi_heif up to 1.7 makes strings of them and does not look whether that went well: one byte
    that is no UTF-8 ends the process.  (pillow_heif corrected this in its pull request 478.)
    """
    return all(_is_text(entry) for meta in _boxes(content, b"meta") for entry in _entries(meta))


def _boxes(content: bytes, wanted: bytes) -> Iterator[bytes]:
    """What is in the boxes of one type at the top of a file."""
    at = 0
    while at + 8 <= len(content):
        length, header = int.from_bytes(content[at : at + 4], "big"), 8
        if length == _LONG:
            length, header = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif length == _TO_THE_END:
            length = len(content) - at
        if length < header:
            return  # damaged; the decoder stops here as well
        if content[at + 4 : at + 8] == wanted:
            yield content[at + header : at + length]
        at += length


def _entries(meta: bytes) -> Iterator[bytes]:
    """The entries of the list of items ("infe"), searched for: boxes before them may be damaged."""
    at = meta.find(b"infe")
    while at >= 0:
        length = int.from_bytes(meta[max(0, at - 4) : at], "big")
        yield meta[at + 4 : at - 4 + length] if length >= 8 else meta[at + 4 :]
        at = meta.find(b"infe", at + 4)


def _is_text(entry: bytes) -> bool:
    # Version, flags; number of the item, of 4 bytes from version 3 on; index of its protection.
    start = 4 + (4 if entry[:1] >= b"\x03" else 2) + 2
    try:
        entry[start:].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
