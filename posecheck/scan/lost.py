"""The record of a photo whose check was lost with the process that made it."""

from __future__ import annotations

from posecheck.report.record import Record, to_record
from posecheck.results import PhotoResult, Status
from posecheck.scan.engine import Loss, LostPhoto

_STATUS = {Loss.CRASHED: Status.CRASHED, Loss.TIMED_OUT: Status.TIMED_OUT}

_WORDS = {
    Loss.CRASHED: (
        "Checking it broke off, twice",
        "Make the photo smaller or save it again as JPEG, then retry failures with fewer --jobs.",
    ),
    Loss.TIMED_OUT: (
        "Checking it took too long, twice",
        "Make the photo smaller, or retry failures with a longer --timeout.",
    ),
}


def lost_record(
    lost: LostPhoto,
    sha256: str,
    contest: str,
    rules: str,
    models: tuple[tuple[str, str], ...] = (),
) -> Record:
    """The record of a lost photo: not checked, and never to be taken for clean.

    Args:
        lost: What the engine said.
        sha256: Hex digest of the file's bytes, "" where it is not known.
        contest: Id of the contest.
        rules: Id of the rule set.
        models: (name, first 12 hex digits of the sha256) of the models it was to be checked with.
    """
    happened, remedy = _WORDS[lost.loss]
    return to_record(
        PhotoResult(
            path=str(lost.ref),
            sha256=sha256,
            status=_STATUS[lost.loss],
            reason=f"{happened}: {lost.detail}. {remedy}",
            contest=contest,
            rules=rules,
            models=models,
        )
    )
