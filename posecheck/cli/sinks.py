"""The forms in which results go out: words, JSON, JSON lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from posecheck.cli.streams import Write
from posecheck.report.record import Record, to_json, to_record
from posecheck.report.summary import Tally, summary
from posecheck.report.text import Detail, TextReport
from posecheck.results import PhotoResult


class Sink(Protocol):
    """Takes results as they come."""

    def add(self, result: PhotoResult) -> None:
        """Take the result of one photo."""

    def close(self, tally: Tally) -> None:
        """Write what comes at the end of a run that was not interrupted."""


@dataclass
class TextSink:
    """A block of words for each photo, then a summary if there are several."""

    write: Write
    report: TextReport
    alone: bool
    _first: bool = True

    def add(self, result: PhotoResult) -> None:
        """Write the block of one photo."""
        self._separate()
        self.write(self.report.photo(result, self.alone))

    def close(self, tally: Tally) -> None:
        """Write the summary."""
        if not self.alone:
            self._first = False
            self.write("\n" + summary(tally, self.report.say, self.report.paint, self.report.width))

    def _separate(self) -> None:
        if not self._first and self.report.detail is not Detail.QUIET:
            self.write("\n")
        self._first = False


@dataclass
class JsonSink:
    """One array at the end, whole or not at all."""

    write: Write
    _records: list[Record] = field(default_factory=list)

    def add(self, result: PhotoResult) -> None:
        """Keep the record of one photo."""
        self._records.append(to_record(result))

    def close(self, tally: Tally) -> None:
        """Write the array."""
        self.write(to_json(self._records, indent=2) + "\n")


@dataclass
class JsonLinesSink:
    """One object a line, written as it comes."""

    write: Write

    def add(self, result: PhotoResult) -> None:
        """Write the line of one photo."""
        self.write(to_json(to_record(result)) + "\n")

    def close(self, tally: Tally) -> None:
        """Nothing is left to write."""


def make_sink(form: str, write: Write, report: TextReport, alone: bool) -> Sink:
    """The sink for a form.

    Args:
        form: "text", "json" or "jsonl".
        write: Where text goes.
        report: How to put results in words.
        alone: Whether there is one photo only.
    """
    if form == "json":
        return JsonSink(write)
    if form == "jsonl":
        return JsonLinesSink(write)
    return TextSink(write, report, alone)
