"""Listing what there is to scan: photos in folders and archives, streamed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence

from posecheck.errors import UnsupportedPhotoError
from posecheck.opening.folders import PHOTO_SUFFIXES
from posecheck.opening.formats import HEAD_BYTES
from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import open_regular, unreadable
from posecheck.scan.filters import ARCHIVE_SUFFIX, CLOSED_SUFFIXES, Filters, suffix_of
from posecheck.scan.items import Item, Listed, Skipped, Unlisted, Why, stamp_of
from posecheck.scan.members import list_members
from posecheck.scan.sniffing import starts_like_photo
from posecheck.scan.walking import Found, Walker


def list_files(
    roots: Iterable[str | os.PathLike[str]],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    archives: bool = True,
) -> Iterator[Item]:
    """Everything at `roots`, as photos to check, as passed over, or as not to be looked at.

    Memory grows with the number of folders, never with that of files, so order is the file
    system's.  Links to folders are followed, but no folder is searched twice.  A file that is
    named twice is listed twice.

    What was named is taken as it is: a hidden file or folder, and a file that is no photo, which
    then fails to be opened.  In folders and archives, a file is a photo if its name or its first
    bytes say so; photos of formats that are not read are listed too, so that a scan says that it
    could not check them.

    Globs ignore case.  One without a slash is held against the name of a file or folder, one
    with a slash against its path below the root, in which an archive counts as a folder
    (`album.zip/day1/*`); a named file has no root, and what was typed is taken.  `*` stands for
    slashes too.  `include` is held against photos only, `exclude` against folders and archives
    as well, which are then not gone into; `exclude` wins.

    Args:
        roots: Folders, photos and archives; drawn from one by one.
        include: Globs of the photos that are wanted; none means all.
        exclude: Globs of what is left out.
        archives: Whether ZIP archives are opened.
    """
    filters = Filters.of(include, exclude, archives=archives)
    walker = Walker(filters)
    for root in roots:
        for step in walker.start(root):
            if isinstance(step, Found):
                yield from judge(step, filters)
            else:
                yield step


def judge(found: Found, filters: Filters) -> Iterator[Item]:
    """What a file is: a photo, an archive of photos, or neither."""
    ref = PhotoRef(found.path)
    listed = Listed(ref, found.status.st_size, stamp_of(found.status))
    suffix = suffix_of(found.path.rpartition(os.sep)[2])
    if suffix == ARCHIVE_SUFFIX and filters.archives and stat.S_ISREG(found.status.st_mode):
        yield from list_members(found.path, "" if found.named else found.relative, filters)
    elif not filters.includes(found.relative):
        yield Skipped(ref, Why.EXCLUDED)
    elif found.named:
        yield listed
    elif not stat.S_ISREG(found.status.st_mode):
        yield Skipped(ref, Why.NOT_A_FILE)
    elif suffix in PHOTO_SUFFIXES:
        yield listed
    elif suffix == ARCHIVE_SUFFIX or suffix in CLOSED_SUFFIXES:
        yield Skipped(ref, Why.ARCHIVE)
    else:
        try:
            with open_regular(found.path) as file:
                head = file.read(HEAD_BYTES)
        except UnsupportedPhotoError:  # it was a file a moment ago
            yield Skipped(ref, Why.NOT_A_FILE)
            return
        except OSError as error:
            yield Unlisted(ref, unreadable(found.path, error))
            return
        yield listed if starts_like_photo(head) else Skipped(ref, Why.NOT_PHOTO)
