"""Telling a photo by its first bytes, for files whose names do not say what they are."""

from __future__ import annotations

from posecheck.opening.formats import BMP, tell_format


def starts_like_photo(head: bytes) -> bool:
    """Whether a file without a photo's ending is one all the same.

    Args:
        head: Its first `posecheck.opening.formats.HEAD_BYTES` bytes.
    """
    found = tell_format(head)
    if found is BMP:
        # Two letters make no picture: many a text starts with BM.  Bytes 6 to 9 of a bitmap are
        # reserved and 0 (BITMAPFILEHEADER).
        return head[6:10] == bytes(4)
    return found is not None
