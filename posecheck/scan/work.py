"""What is done with each photo of a scan: read, checked, and pictured if it resembles something.

A pure function from photos to records, so that an engine can run it wherever it likes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from posecheck.errors import PhotoError
from posecheck.opening import Limits
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import to_record
from posecheck.results import Level, PhotoResult, Status
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet
from posecheck.runtime.names import DEFAULT
from posecheck.scan.engine import PhotoFunction, PhotoRecord, Picture

if TYPE_CHECKING:
    from posecheck.checker import Checker
    from posecheck.faces.detector import FaceFinder
    from posecheck.opening import Photo
    from posecheck.opening.source import FileBytes

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckSetup:
    """What photos are checked with; calling it loads the networks.  Can be pickled.

    Attributes:
        contest: What gestures signal.
        rules: What circulars say of gestures.
        backend: Hand finder, one of `posecheck.hands.backends.BACKENDS`.
        limits: Largest file and picture that are opened.
        runtime: What runs the networks, "onnxruntime" or "openvino".
        pictures: Whether photos that resemble something come with small pictures.
    """

    contest: Contest
    rules: RuleSet
    backend: str
    limits: Limits = field(default_factory=Limits)
    runtime: str = DEFAULT
    pictures: bool = True

    def __call__(self) -> PhotoFunction:
        """Load the function, with one thread.

        Raises:
            ModelError: A model file is missing or is not the right one.
            BackendError: The backend is unknown, not installed, or may not be used.
            DependencyError: The runtime is not installed.
        """
        import cv2

        from posecheck.checker import Checker

        # A process a core is started, and sums over threads may differ in their last bits.
        cv2.setNumThreads(1)
        checker = Checker(
            contest=self.contest,
            rules=self.rules,
            backend=self.backend,
            threads=1,
            limits=self.limits,
            runtime=self.runtime,
        )
        if not self.pictures:
            return PhotoWork(checker, None)
        from posecheck.faces.detector import FaceFinder

        return PhotoWork(checker, FaceFinder(threads=1, runtime=self.runtime))


class PhotoWork:
    """The function itself.

    Args:
        checker: Checks photos.
        faces: Finds the faces to blur; None for no pictures.
    """

    def __init__(self, checker: Checker, faces: FaceFinder | None) -> None:
        self._checker = checker
        self._faces = faces

    def __call__(self, refs: Sequence[PhotoRef]) -> list[PhotoRecord]:
        """The records of photos, in order.

        A photo that cannot be read, or on which anything fails that nobody foresaw, has a record
        that says so.

        Raises:
            MemoryError: There was not enough; the photo may do well with less beside it.
        """
        return [self._one(ref) for ref in refs]

    def _one(self, ref: PhotoRef) -> PhotoRecord:
        file: FileBytes | None = None
        try:
            file = read(ref, self._checker.limits.max_bytes)
            result, photo = self._checker.examine(file)
            result = replace(result, path=str(ref))
            # Now, since a number that is not finite could pass for "nothing found".
            record = to_record(result)
        except MemoryError:
            raise
        except PhotoError as error:
            result = replace(self._checker.refused(error), path=str(ref))
            return PhotoRecord(ref, to_record(result))
        except Exception as error:
            logger.exception("checking %s failed", ref)
            return PhotoRecord(ref, to_record(self._failed(ref, file, error)))
        return PhotoRecord(ref, record, self._pictures(photo, result))

    def _failed(self, ref: PhotoRef, file: FileBytes | None, error: Exception) -> PhotoResult:
        return PhotoResult(
            path=str(ref),
            sha256=file.sha256 if file else "",
            status=Status.ERROR,
            reason=f"{type(error).__name__}: {error}. This is a fault of posecheck: report it.",
            contest=self._checker.contest.id,
            rules=self._checker.rules.id,
            models=self._checker.models,
        )

    def _pictures(self, photo: Photo | None, result: PhotoResult) -> tuple[Picture, ...]:
        if self._faces is None or photo is None or result.level in (None, Level.NONE):
            return ()
        from posecheck.scan.pictures import make_pictures

        try:
            return tuple(make_pictures(photo.rgb, result, self._faces))
        except MemoryError:
            raise
        except Exception:
            # What was found must not be lost for a picture of it.
            logger.exception("no pictures could be made of %s", result.path)
            return ()


def read(ref: PhotoRef, max_bytes: int) -> FileBytes:
    """Read a photo from its file or from the archive that holds it.

    Raises:
        PhotoError: It is missing, damaged, may not be read, or is longer than `max_bytes`.
    """
    from posecheck.opening.source import FileBytes, read_source

    if not ref.member:
        return read_source(ref.path, max_bytes)
    from posecheck.scan.archives import read_member

    return FileBytes(str(ref), read_member(ref.path, ref.member, max_bytes))
