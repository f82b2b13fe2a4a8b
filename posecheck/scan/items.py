"""What a listing gives: photos, what was passed over and why, and what could not be looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from posecheck.errors import PhotoError
from posecheck.opening.refs import PhotoRef


class Why(str, Enum):
    """Why something was passed over.

    Photos may be in what `HIDDEN`, `ARCHIVE`, `NESTED_ARCHIVE` and `ENCRYPTED` pass over, so a
    summary names them.
    """

    HIDDEN = "hidden"
    """A hidden file, or a hidden folder with all that is in it."""
    NOT_PHOTO = "not_photo"
    """Neither its name nor its first bytes are those of a photo."""
    EXCLUDED = "excluded"
    """Left out by a glob; a folder or archive with all that is in it."""
    ARCHIVE = "archive"
    """An archive of a kind that is not opened, or any where archives are not wanted."""
    NESTED_ARCHIVE = "nested_archive"
    """An archive inside an archive."""
    ENCRYPTED = "encrypted"
    """A member of an archive that needs a password, and whose name is not that of a photo.
    One with a photo's name is listed, so that reading it says why it was not checked."""
    FOLDER_AGAIN = "folder_again"
    """A folder that has been searched under another name: a loop of links, a folder named twice."""
    NOT_A_FILE = "not_a_file"
    """A device, pipe or socket."""


@dataclass(frozen=True)
class Listed:
    """A photo to check.

    Attributes:
        ref: The photo.
        size: Bytes, as its folder or archive says.
        stamp: Changes whenever the content may have changed; says nothing else.
    """

    ref: PhotoRef
    size: int
    stamp: str


@dataclass(frozen=True)
class Skipped:
    """Something that is not checked and need not be.

    Attributes:
        ref: A file, a folder, or a file or folder (ending in a slash) in an archive.
        why: Why.
    """

    ref: PhotoRef
    why: Why


@dataclass(frozen=True)
class Unlisted:
    """Something that should have been looked at and could not be; never to be called clean.

    Attributes:
        ref: A file, a folder, an archive or a member of one.
        error: What happened, with its remedy; its `path` is `str(ref)`.
    """

    ref: PhotoRef
    error: PhotoError


Item: TypeAlias = Listed | Skipped | Unlisted


def stamp_of(status: os.stat_result) -> str:
    """Changes with every write to a file.

    The change time is part of it because programs set the modification time back.
    """
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"
