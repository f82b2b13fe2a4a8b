"""What is shown of a photo: the very file that was checked, or the small copy, and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posecheck.casefile.case import open_case
from posecheck.opening.refs import PhotoRef
from posecheck.review.pictures import LONGEST_SIDE
from tests.review.made import PREVIEW_COLOUR, Kept, Site, a_case, a_site, add, original, told

GONE = "aslinya tidak ada lagi"


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, list[Kept]]:
    return a_case(tmp_path)


@pytest.fixture
def site(kept: tuple[Path, list[Kept]]) -> Iterator[Site]:
    with a_site(kept[0]) as site:
        yield site


def picture(site: Site, sha256: str, kind: str) -> Image.Image:
    answer = site.get(f"/picture/{sha256}/{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(io.BytesIO(answer.content))


def test_the_original_comes_without_its_metadata(site: Site, kept: tuple[Path, list[Kept]]) -> None:
    photo = kept[1][0]
    assert b"rahasia" in photo.path.read_bytes()
    answer = site.get(f"/picture/{photo.sha256}/original")
    assert b"rahasia" not in answer.content
    assert not Image.open(io.BytesIO(answer.content)).getexif()
    assert f"/picture/{photo.sha256}/original" in site.page(f"/photo/{photo.sha256}")
    with Image.open(photo.path) as before:
        shown = np.asarray(picture(site, photo.sha256, "original"), int)
        assert np.abs(shown - np.asarray(before, int)).mean() < 12


def test_a_large_original_is_made_smaller(tmp_path: Path) -> None:
    content = original(7, (3000, 500))
    path = tmp_path / "lebar.jpg"
    path.write_bytes(content)
    with open_case(tmp_path / "k", create=True) as case:
        [sha256] = add(case, [(PhotoRef(str(path)), content, told())])
    with a_site(tmp_path / "k") as site:
        assert picture(site, sha256, "original").size == (LONGEST_SIDE, 341)


def test_a_file_that_is_another_by_now_is_not_shown(
    site: Site, kept: tuple[Path, list[Kept]]
) -> None:
    photo = kept[1][0]
    length = photo.path.stat().st_size
    other = original(99)[:length].ljust(length, b"\0")
    photo.path.write_bytes(other)
    text = site.page(f"/photo/{photo.sha256}")
    assert GONE in text
    assert f"/picture/{photo.sha256}/preview" in text
    assert site.get(f"/picture/{photo.sha256}/original").status_code == 404
    assert picture(site, photo.sha256, "preview").getpixel((5, 5)) == pytest.approx(
        PREVIEW_COLOUR, abs=3
    )


def test_a_link_leads_nowhere_but_to_the_same_picture(
    site: Site, kept: tuple[Path, list[Kept]], tmp_path: Path
) -> None:
    first, second = kept[1][:2]
    secret = tmp_path / "sandi.txt"
    secret.write_bytes(b"x" * first.path.stat().st_size)
    first.path.unlink()
    first.path.symlink_to(secret)
    assert site.get(f"/picture/{first.sha256}/original").status_code == 404
    moved = tmp_path / "dipindah.jpg"
    second.path.rename(moved)
    second.path.symlink_to(moved)
    assert site.get(f"/picture/{second.sha256}/original").status_code == 200


def test_a_photo_that_is_gone_everywhere_says_so(tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, ["a.jpg"])
    with a_site(case_path) as site:
        kept[0].path.unlink()
        site.case.connection.execute("DELETE FROM picture")
        text = site.page(f"/photo/{kept[0].sha256}")
        assert "Gambar foto ini tidak ada lagi" in text
        assert "/picture/" not in text
        assert site.get(f"/picture/{kept[0].sha256}/best").status_code == 204


def test_another_name_of_the_same_picture_will_do(tmp_path: Path) -> None:
    case_path, [kept] = a_case(tmp_path, ["a.jpg"])
    copy = tmp_path / "salinan.jpg"
    copy.write_bytes(kept.path.read_bytes())
    with open_case(case_path) as case:
        add(case, [(PhotoRef(str(copy)), copy.read_bytes(), told())])
    kept.path.unlink()
    with a_site(case_path) as site:
        assert site.get(f"/picture/{kept.sha256}/original").status_code == 200
        assert "Foto yang sama juga ada dengan 1 nama lain" in site.page("/")


def test_faces_can_be_blurred(site: Site, kept: tuple[Path, list[Kept]]) -> None:
    sha256 = kept[1][0].sha256
    text = site.page(f"/photo/{sha256}")
    assert "Buramkan wajah" in text
    text = site.page(f"/photo/{sha256}?faces=blurred")
    assert f"/picture/{sha256}/preview" in text
    assert f"/picture/{sha256}/original" not in text
    assert "Tampilkan wajah" in text
    assert GONE not in text
    # It stays that way on the next photo.
    answer = site.post(f"/photo/{sha256}/decision?faces=blurred", verdict="unclear")
    assert answer.headers["location"].endswith("?faces=blurred")


def test_a_member_of_an_archive_is_shown(tmp_path: Path) -> None:
    content = original(3)
    archive = tmp_path / "album.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("hari 1/foto.jpg", content)
    ref = PhotoRef(str(archive), "hari 1/foto.jpg")
    with open_case(tmp_path / "k", create=True) as case:
        [sha256] = add(case, [(ref, content, told())])
    with a_site(tmp_path / "k") as site:
        assert picture(site, sha256, "original").size == (160, 120)
        assert "foto.jpg</bdi>" in site.page("/")
    archive.write_bytes(b"PK not a zip any more")
    with a_site(tmp_path / "k") as site:
        assert GONE in site.page("/")


@pytest.mark.parametrize(
    "path",
    [
        "/picture/{sha}/", "/picture/{sha}/a.jpg", "/picture/{sha}/..%2f..%2fetc%2fpasswd",
        "/picture/{sha}/hand-99", "/picture/{sha}/hand--1", "/picture/{sha}/preview%00",
        "/picture/{sha}/../../../etc/passwd", "/picture/{upper}/original",
        "/picture/{zero}/original",
        "/picture/%2e%2e/original", "/picture/{name}/original", "/photo/{zero}", "/photo/{name}",
        "/static/../guard.py", "/static/..%2fguard.py", "/static/%2e%2e%2fguard.py", "/static/",
        "/static/review.css%00", "/static//etc/passwd", "/foto/a.jpg",
    ],
)  # fmt: skip
def test_no_path_of_the_disk_can_be_asked_for(
    site: Site, kept: tuple[Path, list[Kept]], path: str
) -> None:
    photo = kept[1][0]
    name = str(photo.path).replace("/", "%2f")
    asked = path.format(sha=photo.sha256, upper=photo.sha256.upper(), zero="0" * 64, name=name)
    answer = site.get(asked)
    assert answer.status_code in (403, 404)
    assert b"root:" not in answer.content
    assert b"secrets" not in answer.content
