"""Annotated copies of photos, in a folder, that never take the place of an original."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from posecheck.errors import OutputError
from posecheck.report.texts import Texts
from posecheck.report.writing import whole_file
from posecheck.results import PhotoResult

if TYPE_CHECKING:
    from posecheck.opening import Limits, PhotoSource

MARK = b"posecheck annotated copy"
"""JPEG comment in every copy; only a file that bears it is ever replaced."""

QUALITY = 92
LONGEST_SIDE = 65_500
"""JPEG cannot be longer."""

MOST_NAMESAKES = 10_000
"""Copies with one name in one folder; also ends the search in a folder that may not be read."""

LONGEST_STEM = 200
"""Bytes of the original's name that are kept; file systems allow 255 with the ending."""


class Annotator:
    """Writes annotated copies into one folder.

    Attributes:
        folder: Where copies go.
        written: How many were written.
    """

    def __init__(self, folder: Path, say: Texts, originals: Iterable[Path] = ()) -> None:
        """Make the folder if it is not there.

        Args:
            folder: Where copies go.
            say: Words of the chosen language.
            originals: Photos of this run, which are never replaced whatever they are called.

        Raises:
            OutputError: The folder cannot be made.
        """
        self.folder = folder
        self.written = 0
        self._say = say
        self._originals = tuple(originals)
        self._identities: frozenset[tuple[int, int]] | None = None
        self._used: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{folder}: {error.strerror or error}"
            raise OutputError(message, "Name another folder for the copies.") from error

    def write(self, result: PhotoResult, photo: PhotoSource, limits: Limits | None = None) -> Path:
        """Write the copy of one checked photo.

        No EXIF, GPS or other metadata travels along.

        Args:
            result: What the check said.
            photo: The photo itself, as it was given to the check.
            limits: What was allowed to the check.

        Returns:
            The path of the copy.

        Raises:
            PhotoError: The photo cannot be opened any more.
            OutputError: It changed since it was checked, or the copy cannot be written.
        """
        # Pillow and OpenCV are only needed by those who ask for copies.
        from posecheck.opening import Limits, open_photo
        from posecheck.report.drawing import draw

        opened = open_photo(photo, limits or Limits())
        if opened.sha256 != result.sha256:
            raise OutputError(
                f"{result.path} changed while it was being checked", "Check it once more."
            )
        image = draw(opened.rgb, result, self._say)
        if max(image.size) > LONGEST_SIDE:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        path = self._free_name(result.path)
        with whole_file(path) as file:
            # By way of memory: writing to a file itself, Pillow does not notice that a full disk
            # took only part of it.
            jpeg = BytesIO()
            image.save(jpeg, "JPEG", quality=QUALITY, comment=MARK)
            file.write(jpeg.getbuffer())
        self.written += 1
        return path

    def _free_name(self, original: str) -> Path:
        stem = Path(original).stem or "foto"
        while len(os.fsencode(stem)) > LONGEST_STEM:
            stem = stem[:-1]
        for number in range(1, MOST_NAMESAKES):
            suffix = "" if number == 1 else f"-{number}"
            path = self.folder / f"{stem}.posecheck{suffix}.jpg"
            # Some file systems do not tell upper from lower case, or é from e with an accent.
            key = unicodedata.normalize("NFC", path.name).casefold()
            if key not in self._used and self._may_take(path):
                self._used.add(key)
                return path
        raise OutputError(
            f"no free name for a copy of {original} in {self.folder}", "Name an empty folder."
        )

    def _may_take(self, path: Path) -> bool:
        """Whether nothing is there, or a copy of an earlier run."""
        if path.is_symlink():
            return False
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
                return False
            with path.open("rb") as file:
                marked = MARK in file.read(4096)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return marked and (found.st_dev, found.st_ino) not in self._original_identities()

    def _original_identities(self) -> frozenset[tuple[int, int]]:
        """Device and inode of every original; only looked up where a name is taken."""
        if self._identities is None:
            found = []
            for path in self._originals:
                try:
                    status = path.stat()
                except OSError:
                    # It cannot be checked either, and is reported as such.
                    continue
                found.append((status.st_dev, status.st_ino))
            self._identities = frozenset(found)
        return self._identities
