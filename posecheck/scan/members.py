"""Listing the photos in a ZIP archive."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from posecheck.errors import PhotoError, UnsupportedPhotoError
from posecheck.opening.folders import PHOTO_SUFFIXES
from posecheck.opening.formats import HEAD_BYTES
from posecheck.opening.refs import PhotoRef
from posecheck.scan.archive_file import Archive
from posecheck.scan.filters import ARCHIVE_SUFFIX, CLOSED_SUFFIXES, Filters, is_hidden, suffix_of
from posecheck.scan.items import Item, Listed, Skipped, Unlisted, Why
from posecheck.scan.sniffing import starts_like_photo


def list_members(path: str, relative: str, filters: Filters) -> Iterator[Item]:
    """The photos in an archive, what is passed over, and what cannot be looked at.

    Args:
        path: Absolute path of the archive.
        relative: What globs are held against of the archive itself, "" for one that was named.
        filters: What is wanted.
    """
    try:
        archive = Archive(path)
    except PhotoError as error:
        yield Unlisted(PhotoRef(path), error)
        return
    with archive:
        lister = _MemberLister(archive, f"{relative}/" if relative else "", filters)
        for info in archive.members():
            yield from lister.look(info)


class _MemberLister:
    def __init__(self, archive: Archive, prefix: str, filters: Filters) -> None:
        self._archive = archive
        self._prefix = prefix
        self._filters = filters
        self._folders: dict[str, bool] = {}  # whether each folder is gone into

    def look(self, info: zipfile.ZipInfo) -> Iterator[Item]:
        # Some Windows programs part folders by backslashes.  Only what is matched is changed;
        # the name that leads to the member stays.
        parts = [part for part in re.split(r"[/\\]", info.filename) if part not in {"", ".", ".."}]
        for count in range(1, len(parts)):
            folder = "/".join(parts[:count])
            if folder not in self._folders:
                why = self._left_out(parts[count - 1], folder)
                self._folders[folder] = why is None
                if why is not None:
                    yield Skipped(PhotoRef(self._archive.path, f"{folder}/"), why)
            if not self._folders[folder]:
                return
        yield self._judge(info, "/".join(parts))

    def _judge(self, info: zipfile.ZipInfo, place: str) -> Item:
        ref = PhotoRef(self._archive.path, info.filename)
        name = place.rpartition("/")[2]
        suffix = suffix_of(name)
        why = self._left_out(name, place)
        if why is not None:
            return Skipped(ref, why)
        if suffix == ARCHIVE_SUFFIX or suffix in CLOSED_SUFFIXES:
            return Skipped(ref, Why.NESTED_ARCHIVE)
        if not self._filters.includes(self._prefix + place):
            return Skipped(ref, Why.EXCLUDED)
        if not self._archive.can_be_named(info):
            return Unlisted(ref, _unnamed(ref))
        if suffix not in PHOTO_SUFFIXES:
            if info.flag_bits & 1:
                return Skipped(ref, Why.ENCRYPTED)
            try:
                head = self._archive.head(info.filename, HEAD_BYTES)
            except PhotoError as error:
                return Unlisted(ref, error)
            if not starts_like_photo(head):
                return Skipped(ref, Why.NOT_PHOTO)
        return Listed(ref, info.file_size, self._archive.stamp)

    def _left_out(self, name: str, place: str) -> Why | None:
        if is_hidden(name):
            return Why.HIDDEN
        return Why.EXCLUDED if self._filters.excludes(self._prefix + place) else None


def _unnamed(ref: PhotoRef) -> PhotoError:
    return UnsupportedPhotoError(
        f"{ref} has no name, or shares it with another file of its archive.",
        "Unpack the archive into a folder, keeping every file, and scan that.",
        path=str(ref),
    )
