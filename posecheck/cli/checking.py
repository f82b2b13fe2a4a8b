"""A run of `posecheck check`: photo by photo, from what was named to the exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.progress import Progress
from posecheck.cli.sinks import Sink
from posecheck.errors import PhotoError, PosecheckError
from posecheck.report.record import to_record
from posecheck.report.summary import Tally
from posecheck.report.texts import Texts
from posecheck.results import Level, PhotoResult, Status

if TYPE_CHECKING:
    from posecheck.checker import Checker
    from posecheck.cli.ahead import OpenedAhead
    from posecheck.report.annotate import Annotator

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """A photo to check.

    Attributes:
        name: What results call it.
        photo: Its path, or its bytes.
    """

    name: str
    photo: Path | bytes


@dataclass(frozen=True)
class Run:
    """What one run checks, and with what.

    Attributes:
        sources: Photos, in the order of their results.
        checker: Checks them.
        annotator: Writes annotated copies, or None.
        say: Words of the chosen language.
        quiet: No progress.
        ahead: The first of the sources, if it is being opened already.
    """

    sources: list[Source]
    checker: Checker
    annotator: Annotator | None
    say: Texts
    quiet: bool = False
    ahead: OpenedAhead | None = None

    def go(self, sink: Sink, tally: Tally) -> None:
        """Check every photo and hand each result to `sink` and `tally` at once."""
        progress = Progress(self.say, len(self.sources), sys.stderr, wanted=not self.quiet)
        try:
            for n, source in enumerate(self.sources, 1):
                progress.show(n, source.name)
                result = self.check_one(source, self.ahead if n == 1 else None)
                progress.clear()
                sink.add(result)
                tally.add(result)
            sink.close(tally)
        finally:
            progress.clear()

    def check_one(self, source: Source, ahead: OpenedAhead | None = None) -> PhotoResult:
        """Check one photo, which may be being opened already, and write its annotated copy.

        A fault that nobody foresaw costs this photo and not the run: it comes back as an error,
        which is never clean.

        Raises:
            PosecheckError: Nothing can be checked, or a copy cannot be written.
        """
        try:
            result = ahead.check(self.checker) if ahead else self.checker.check(source.photo)
            # A number that is not finite could pass for "nothing found".
            to_record(result)
        except PosecheckError:
            raise
        except Exception as error:
            logger.exception("checking %s failed", source.name)
            result = PhotoResult(
                path=source.name,
                sha256="",
                status=Status.ERROR,
                reason=f"{type(error).__name__}: {error}",
                contest=self.checker.contest.id,
                rules=self.checker.rules.id,
                models=self.checker.models,
            )
        result = replace(result, path=source.name)
        if self.annotator is None or result.status is not Status.CHECKED:
            return result
        try:
            self.annotator.write(result, source.photo, self.checker.limits)
        except PhotoError as error:
            # It could be opened a moment ago: what was checked is not what is there now.
            return replace(unread(result), reason=error.words)
        return result


def unread(result: PhotoResult) -> PhotoResult:
    """The result with everything taken back that only a check can say."""
    return replace(
        result,
        status=Status.UNREADABLE,
        risk=None,
        level=None,
        hands=(),
        readings=(),
        smallest_hand=0.0,
    )


def exit_code(tally: Tally, fail_on: Level) -> ExitCode:
    """The exit code of a run; photos that were not checked weigh more than what was found."""
    if tally.unchecked:
        return ExitCode.NOT_CHECKED
    return ExitCode.FOUND if tally.found(fail_on) else ExitCode.CLEAR


def closing_words(tally: Tally, fail_on: Level, say: Texts) -> Iterator[str]:
    """What stderr says where the result itself went elsewhere or is not for reading."""
    found = tally.found(fail_on)
    if found:
        yield say.count("progress.found", found, level=say(f"level.{fail_on.value}"))
    if tally.unchecked:
        yield say.count("progress.unchecked", len(tally.unchecked))


@contextmanager
def told_if_interrupted(tally: Tally, total: int, say: Texts) -> Iterator[None]:
    """Say how far the run came if the user stops it."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(say("progress.interrupted", n=tally.total, total=total), err=True)
        raise
