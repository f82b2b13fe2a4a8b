"""What every export is given: photos one by one, their small pictures, and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from posecheck.casefile.types import CasePhoto, CaseTotals
from posecheck.report.texts import Texts

PictureOf = Callable[[str, str], "bytes | None"]
"""From a photo's sha256 and a kind ("preview", "hand-0") to a JPEG, or None."""


@dataclass(frozen=True)
class ExportContext:
    """What an export says besides the photos.

    Attributes:
        say: Words of the chosen language, those of the part "export" included.
        case: Name of the case file, without its folder.
        exported_at: With time zone; the local one of the computer is right for people.
        version: Version of posecheck.
        rows: "photos" or "hands": what one row of a table is.
        totals: Counts over the whole case file; where they are not given, an export says that
            it does not know of photos that it does not hold.
    """

    say: Texts
    case: str
    exported_at: datetime
    version: str
    rows: str = "photos"
    totals: CaseTotals | None = None


class Exporter(Protocol):
    """Writes one format."""

    def __call__(
        self,
        photos: Iterable[CasePhoto],
        picture_of: PictureOf,
        file: BinaryIO,
        context: ExportContext,
    ) -> None:
        """Write the photos, which come riskiest first, to a file open for binary writing.

        The caller makes the file appear whole or not at all.  Photos are drawn one by one; where
        the format allows it, memory does not grow with their number.
        """
