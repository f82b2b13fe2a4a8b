"""Where a photo is: a file of its own, or a member of an archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class PhotoRef:
    """Where one photo is.

    Attributes:
        path: Absolute path of the file, or of the ZIP archive that holds it.
        member: Name inside the archive, "" for a file of its own.
    """

    path: str
    member: str = ""

    def __str__(self) -> str:
        """The name as people read it: `album.zip!/day1/photo.jpg`."""
        return f"{self.path}!/{self.member}" if self.member else self.path
