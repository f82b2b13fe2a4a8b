"""What can go wrong, each with a remedy a person can act on.

Every error that posecheck raises on purpose is a `PosecheckError`.  The message says what
happened and `remedy` says what to do about it; the command line prints both.
"""

from __future__ import annotations


class PosecheckError(Exception):
    """Base of all errors that posecheck raises on purpose.

    Attributes:
        message: What happened, one sentence.
        remedy: What a person can do about it, one sentence; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    @property
    def words(self) -> str:
        """What happened and what to do about it, as one text."""
        return f"{self.message} {self.remedy}".strip()


class PhotoError(PosecheckError):
    """A photo could not be checked; the photo is never to be called clean.

    Attributes:
        path: The name the caller gave, "" for a photo without one.
        sha256: Hex digest of the file's bytes, "" where they could not be read.
    """

    def __init__(self, message: str, remedy: str = "", *, path: str = "", sha256: str = "") -> None:
        super().__init__(message, remedy)
        self.path = path
        self.sha256 = sha256


class UnreadablePhotoError(PhotoError):
    """The file is missing, damaged, cut short or may not be read."""


class UnsupportedPhotoError(PhotoError):
    """The file is no picture, or is in a format that is not read."""


class PhotoTooLargeError(PhotoError):
    """The file or the picture is over the limit on bytes or pixels."""


class ModelError(PosecheckError):
    """A model file is missing, or is not the one that the manifest names."""


class ConfigError(PosecheckError):
    """A contest, rule or settings file is malformed; the message names file and line."""


class BackendError(PosecheckError):
    """An optional backend is not installed, or is a version that may not be used."""


class LabelError(PosecheckError):
    """A file of labels for `eval` is malformed; the message names file and line."""


class OutputError(PosecheckError):
    """A result could not be written, or writing it would touch an original."""


class RecordError(PosecheckError):
    """A stored result (JSON) is damaged, or was written by another version."""


class CaseError(PosecheckError):
    """A case file is missing, damaged, of another version, or in use by another scan."""


class ReviewError(PosecheckError):
    """The review page cannot be served."""


class DependencyError(PosecheckError):
    """An optional library that was asked for is not installed."""


class WatchError(PosecheckError):
    """A folder cannot be watched, or no longer."""
