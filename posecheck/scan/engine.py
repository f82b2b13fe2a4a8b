"""Where the work of a scan runs: an engine sees a pure function and photos, and nothing else.

An engine knows no case file, no folders and no settings.  Another one, such as a cluster, is
added by writing a class with `run` and naming it in `posecheck.scan.engines`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeAlias

from posecheck.opening.refs import PhotoRef


@dataclass(frozen=True)
class Picture:
    """A small picture that goes into the case file.

    Attributes:
        kind: "preview" for the whole photo, "hand-0" and so on for a close-up of that hand.
        jpeg: The file, without any metadata.
    """

    kind: str
    jpeg: bytes


@dataclass(frozen=True)
class PhotoRecord:
    """What the function says of one photo; everything in it can be pickled.

    Attributes:
        ref: The photo.
        record: `posecheck.report.record.to_record` of its result.
        pictures: Small pictures of a photo that resembles something; none of others.
    """

    ref: PhotoRef
    record: dict[str, Any]
    pictures: tuple[Picture, ...] = ()


class Loss(str, Enum):
    """How the work on a photo was lost."""

    CRASHED = "crashed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True)
class LostPhoto:
    """A photo whose worker died or took too long, when tried alone as well.

    Attributes:
        ref: The photo.
        loss: How.
        detail: What is known of it, in English: the signal, the seconds.
    """

    ref: PhotoRef
    loss: Loss
    detail: str


PhotoFunction: TypeAlias = Callable[[Sequence[PhotoRef]], list[PhotoRecord]]
"""From photos to their records, in order; pure: the same photo always gives the same record."""

FunctionMaker: TypeAlias = Callable[[], PhotoFunction]
"""Loads the function where it is to run; can be pickled."""

Outcome: TypeAlias = PhotoRecord | LostPhoto


class Engine(Protocol):
    """Runs the function over photos."""

    def run(self, make: FunctionMaker, refs: Iterable[PhotoRef]) -> Generator[Outcome, None, None]:
        """Work on photos as they come, and give each outcome as soon as it is there.

        `refs` is drawn from only as photos are needed.  Every photo drawn has exactly one
        outcome, in whatever order they are done; closing the generator ends all work.

        Raises:
            PosecheckError: The function cannot be loaded.
        """
