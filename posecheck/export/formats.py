"""Every format that photos can be exported to, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from posecheck.casefile.types import CasePhoto
from posecheck.errors import OutputError
from posecheck.export.types import ExportContext, Exporter, PictureOf
from posecheck.report.writing import whole_file


class _Later:
    """An exporter whose module, and the library that it needs, are loaded when it is called."""

    def __init__(self, module: str, function: str) -> None:
        self._home, self._function = f"posecheck.export.{module}", function

    def __call__(
        self,
        photos: Iterable[CasePhoto],
        picture_of: PictureOf,
        file: BinaryIO,
        context: ExportContext,
    ) -> None:
        exporter: Exporter = getattr(import_module(self._home), self._function)
        exporter(photos, picture_of, file, context)


FORMATS: Mapping[str, Exporter] = {
    "jsonl": _Later("tables", "export_jsonl"),
    "csv": _Later("tables", "export_csv"),
    "parquet": _Later("tables", "export_parquet"),
    "xlsx": _Later("register", "export_xlsx"),
    "html": _Later("page", "export_html"),
    "pdf": _Later("sheets", "export_pdf"),
}
"""Name to exporter.  Only the first three heed `ExportContext.rows`; the others are of photos."""


def export(
    photos: Iterable[CasePhoto],
    picture_of: PictureOf,
    output: Path,
    form: str,
    context: ExportContext,
) -> None:
    """Write photos to a file, which is there whole or not at all.

    Args:
        photos: What to write, riskiest first; drawn one by one.
        picture_of: Finds stored pictures.
        output: The file; one of that name is replaced.
        form: A name out of `FORMATS`.
        context: What the export says besides the photos, in words of the part "export".

    Raises:
        OutputError: There is no such format, or the file cannot be written, or the format
            cannot hold so many photos.
        DependencyError: The format needs a library that is not installed.
        CaseError: A photo cannot be drawn from the case file.
    """
    exporter = FORMATS.get(form)
    if exporter is None:
        raise OutputError(f"there is no format {form!r}", f"Choose from: {', '.join(FORMATS)}.")
    with whole_file(output) as file:
        exporter(photos, picture_of, file, context)
