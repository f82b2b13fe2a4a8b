"""From what was typed to the photos of a run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from posecheck.cli.checking import Source
from posecheck.cli.streams import STANDARD
from posecheck.errors import OutputError, PosecheckError
from posecheck.report.texts import Texts
from posecheck.report.writing import is_one_of

if TYPE_CHECKING:
    from posecheck.opening import Limits


def find_sources(typed: Sequence[str], say: Texts, limits: Limits) -> list[Source]:
    """The photos that were named, those of a folder in order of their names.

    Args:
        typed: Paths of files and folders; "-" stands for the bytes of one photo on stdin.
        say: Words of the chosen language.
        limits: The largest photo that is read.

    Raises:
        PosecheckError: No photo was named, or stdin has none.
    """
    # Here and not above, because `--help` must not wait for decoders.
    from posecheck.opening import iter_photo_paths

    sources: list[Source] = []
    # Names beside each other are searched together, so that no folder is searched twice.
    for is_stdin, names in groupby(typed, lambda name: name == STANDARD):
        if not is_stdin:
            sources += [Source(str(path), path) for path in iter_photo_paths(names)]
            continue
        for _ in names:
            sources.append(_from_stdin(sources, say, limits))
    if not sources:
        raise PosecheckError(
            say("error.no_photos", paths=", ".join(typed)), say("error.no_photos_remedy")
        )
    return sources


def check_output(output: str, sources: Sequence[Source], say: Texts) -> None:
    """Refuse to write a report over a photo, before any work is done.

    Raises:
        OutputError: `output` is a photo of this run, or is called like a photo.
    """
    from posecheck.opening import PHOTO_SUFFIXES

    if output == STANDARD:
        return
    path = Path(output)
    photos = (source.photo for source in sources if isinstance(source.photo, Path))
    if path.suffix.lower() in PHOTO_SUFFIXES or is_one_of(path, photos):
        raise OutputError(
            say("error.output_is_photo", path=output), say("error.output_is_photo_remedy")
        )


def _from_stdin(sources: Sequence[Source], say: Texts, limits: Limits) -> Source:
    if any(source.name == STANDARD for source in sources):
        raise PosecheckError(say("error.stdin_twice"), say("error.stdin_twice_remedy"))
    if sys.stdin.isatty():
        raise PosecheckError(say("error.stdin_terminal"), say("error.stdin_terminal_remedy"))
    # One byte more than is allowed is enough to be refused; an endless stream is not read on.
    return Source(STANDARD, sys.stdin.buffer.read(limits.max_bytes + 1))
