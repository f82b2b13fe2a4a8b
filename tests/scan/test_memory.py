"""A worker that asks for more memory than it may have costs one photo."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import Loss, LostPhoto, PhotoFunction, PhotoRecord
from posecheck.scan.local import LocalEngine
from posecheck.scan.memory import CAN_LIMIT

from . import tiny

MB = 1_000_000

pytestmark = pytest.mark.skipif(not CAN_LIMIT, reason="this system limits no memory")


def make_hungry() -> PhotoFunction:
    return _take


def _take(photos: Sequence[PhotoRef]) -> list[PhotoRecord]:
    """Take as many megabytes as the photo is called."""
    return [PhotoRecord(ref, {"took": len(bytearray(int(ref.path[1:]) * MB))}) for ref in photos]


def test_only_the_photo_that_takes_too_much_is_lost() -> None:
    refs = [PhotoRef(f"/{megabytes}") for megabytes in (1, 5000, 2)]
    found = {o.ref.path: o for o in LocalEngine(1, memory=500 * MB).run(make_hungry, refs)}
    lost = found["/5000"]
    assert isinstance(lost, LostPhoto)
    assert (lost.loss, "MemoryError" in lost.detail) == (Loss.CRASHED, True)
    for small in ("/1", "/2"):
        assert isinstance(found[small], PhotoRecord)


def test_without_a_limit_it_is_had() -> None:
    (outcome,) = LocalEngine(1).run(make_hungry, [PhotoRef("/600")])
    assert isinstance(outcome, PhotoRecord)


def test_what_decoders_print_in_workers_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    (outcome,) = LocalEngine(1).run(make_noisy, tiny.refs(1))
    assert isinstance(outcome, PhotoRecord)
    assert capfd.readouterr().err == ""


def make_noisy() -> PhotoFunction:
    return _noisy


def _noisy(photos: Sequence[PhotoRef]) -> list[PhotoRecord]:
    import os
    import warnings

    os.write(2, b"TIFFReadDirectory: Warning\n")
    warnings.warn("Corrupt EXIF data", stacklevel=1)
    return [PhotoRecord(ref, {}) for ref in photos]
