"""Hashing a photo without holding it in memory."""

from __future__ import annotations

import hashlib

from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import read_chunks
from posecheck.scan.archives import member_chunks


def hash_file(ref: PhotoRef, max_bytes: int) -> str:
    """SHA-256 of a photo's bytes in hex, the same that opening it gives.

    Args:
        ref: A file or a member of an archive.
        max_bytes: Longest content that is hashed: the limit of the check, so that what is too
            large for it fails here in the same way.

    Raises:
        UnreadablePhotoError: It is missing, empty, damaged (in an archive), or may not be read.
        UnsupportedPhotoError: It is a folder or a device, or packed in a way that is not read.
        PhotoTooLargeError: It is longer than `max_bytes`.
    """
    if ref.member:
        chunks = member_chunks(ref.path, ref.member, max_bytes)
    else:
        chunks = read_chunks(ref.path, max_bytes)
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
