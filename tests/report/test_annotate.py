"""Annotated copies: whole, without metadata, and never in the place of something else."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posecheck.errors import OutputError, PhotoError
from posecheck.report.annotate import MARK, Annotator
from posecheck.report.texts import load
from posecheck.results import Level, PhotoResult
from tests.report import photos

SAY = load("id")
GPS = 0x8825


def make_photo(path: Path, size: tuple[int, int] = (320, 240), **options: object) -> PhotoResult:
    """Save a grey photo and return a result for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (90, 90, 90)).save(path, **options)  # type: ignore[arg-type]
    result = photos.photo(
        photos.peace((100, 60, 160, 140)), risk=94, level=Level.HIGH, path=str(path)
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(result, sha256=digest, width=size[0], height=size[1])


def test_a_copy_is_a_jpeg_with_boxes_and_without_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(GPS)[1] = "S"
    path = tmp_path / "foto.jpg"
    result = make_photo(path, exif=exif, comment=b"private words", icc_profile=b"p" * 200)
    copy = Annotator(tmp_path / "kotak", SAY).write(result, path)
    assert copy == tmp_path / "kotak" / "foto.posecheck.jpg"
    with Image.open(copy) as image:
        assert image.format == "JPEG"
        assert image.size == (320, 240)
        assert dict(image.getexif()) == {}
        assert "icc_profile" not in image.info
        assert image.info["comment"] == MARK
        pixels = np.asarray(image).astype(int)
    assert np.abs(pixels - 90).max() > 60, "nothing was drawn"
    data = copy.read_bytes()
    assert b"Camera" not in data and b"private words" not in data and b"Exif" not in data


def test_the_copy_is_upright_like_the_boxes(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "foto.jpg"
    result = make_photo(path, (240, 320), exif=exif)
    copy = Annotator(tmp_path / "kotak", SAY).write(result, path)
    with Image.open(copy) as image:
        assert image.size == (320, 240)


@pytest.mark.parametrize("name", ["foto.png", "foto.webp", "foto.bmp", "foto.tif"])
def test_copies_of_other_formats_are_jpegs(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    copy = Annotator(tmp_path / "kotak", SAY).write(make_photo(path), path)
    with Image.open(copy) as image:
        assert image.format == "JPEG"


def test_the_photos_own_folder_may_take_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    before = path.read_bytes()
    copy = Annotator(tmp_path, SAY, [path]).write(result, path)
    assert copy != path
    assert path.read_bytes() == before


def test_photos_of_one_name_get_copies_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "foto.jpg", tmp_path / "b" / "foto.jpg", tmp_path / "a" / "FOTO.png"]
    annotator = Annotator(tmp_path / "kotak", SAY, paths)
    copies = [annotator.write(make_photo(path), path) for path in paths]
    assert len({copy.name.lower() for copy in copies}) == 3
    assert annotator.written == 3
    assert {copy.name for copy in copies} == {path.name for path in (tmp_path / "kotak").iterdir()}


def test_a_second_run_replaces_its_own_copies(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    for _ in range(2):
        Annotator(tmp_path / "kotak", SAY, [path]).write(result, path)
    assert [p.name for p in (tmp_path / "kotak").iterdir()] == ["foto.posecheck.jpg"]


def test_what_is_not_a_copy_of_ours_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    other = tmp_path / "kotak" / "foto.posecheck.jpg"
    make_photo(other)
    before = other.read_bytes()
    copy = Annotator(tmp_path / "kotak", SAY, [path]).write(result, path)
    assert copy.name == "foto.posecheck-2.jpg"
    assert other.read_bytes() == before


def test_a_copy_that_is_itself_being_checked_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    first = Annotator(tmp_path, SAY, [path]).write(result, path)
    before = first.read_bytes()
    second = Annotator(tmp_path, SAY, [path, first]).write(result, path)
    assert second != first
    assert first.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("exists", [True, False])
def test_a_planted_link_is_not_followed(tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    victim = tmp_path / "korban.jpg"
    if exists:
        # Even one that bears our mark.
        Annotator(tmp_path / "dulu", SAY).write(result, path).rename(victim)
    (tmp_path / "kotak").mkdir()
    (tmp_path / "kotak" / "foto.posecheck.jpg").symlink_to(victim)
    before = victim.read_bytes() if exists else None
    copy = Annotator(tmp_path / "kotak", SAY).write(result, path)
    assert copy.name == "foto.posecheck-2.jpg"
    assert (victim.read_bytes() if victim.exists() else None) == before


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    annotator = Annotator(tmp_path / "kotak", SAY)
    save = Image.Image.save

    def failing(self: Image.Image, file: object, *args: object, **kwargs: object) -> None:
        save(self, file, *args, **kwargs)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", failing)
    with pytest.raises(OutputError, match="No space left"):
        annotator.write(result, path)
    assert list((tmp_path / "kotak").iterdir()) == []
    assert annotator.written == 0


def test_a_photo_that_changed_meanwhile_is_not_annotated(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    make_photo(path, (300, 200))
    with pytest.raises(OutputError, match="changed"):
        Annotator(tmp_path / "kotak", SAY).write(result, path)


def test_a_photo_that_went_away_is_an_error_of_the_photo(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = make_photo(path)
    path.unlink()
    with pytest.raises(PhotoError):
        Annotator(tmp_path / "kotak", SAY).write(result, path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kotak").write_text("x")
    with pytest.raises(OutputError) as caught:
        Annotator(tmp_path / "kotak", SAY)
    assert caught.value.remedy


def test_very_long_and_foreign_names_fit(tmp_path: Path) -> None:
    for name in ("é手" * 45 + ".jpg", "x" * 250 + ".jpg", "foto pak lurah (1).JPG"):
        path = tmp_path / name
        copy = Annotator(tmp_path / "kotak", SAY).write(make_photo(path), path)
        assert copy.exists()


def test_bytes_can_be_annotated(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    result = replace(make_photo(path), path="-")
    copy = Annotator(tmp_path / "kotak", SAY).write(result, path.read_bytes())
    assert copy.exists()
