"""The measurement of stability, from label files to the exit code, without any model."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import stability
from benchmarks.page.stored import read_stability
from benchmarks.stability_run import PixelCheck
from benchmarks.stability_score import (
    EVERY,
    ORIGINAL,
    PhotoVersions,
    StabilityRow,
    Version,
    score,
    version_of,
)
from benchmarks.stability_variants import VARIANTS, Pixels, Variant
from posecheck.evaluation.tables import counted
from posecheck.results import PhotoResult
from tests.evaluation.made import checked, hand

GREEN, RED, BLUE = (0, 255, 0), (255, 0, 0), (0, 0, 255)
NAMES = [variant.name for variant in VARIANTS]


def look(rgb: Pixels) -> PhotoResult:
    """Green is a V sign, blue one if it lies left, red a thumb that points where it lies."""
    rows, columns = np.arange(rgb.shape[0])[:, None], np.arange(rgb.shape[1])[None]
    red, green, blue = (np.asarray(rgb[..., i] > 128, bool) for i in range(3))
    found = []
    if green.any():
        found.append(hand("peace", 0.9, 90.0))
    if blue.any() and (columns * blue).sum() / blue.sum() < rgb.shape[1] / 2 - 1:
        found.append(hand("peace", 0.9, 90.0))
    if red.any():
        up = (rows * red).sum() / red.sum() < rgb.shape[0] / 2 - 1
        found.append(hand("thumb_up", 0.9, 90.0) if up else hand("thumb_down", 0.9, 30.0))
    return checked(*found)


def open_look() -> PixelCheck:
    return look


def draw(path: Path, colour: tuple[int, int, int] | None, rows: slice, columns: slice) -> None:
    rgb = np.zeros((48, 64, 3), np.uint8)
    if colour:
        rgb[rows, columns] = colour
    done, stored = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    assert done
    path.write_bytes(stored.tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures of one hand that never change, a photo that leans and one with a thumb."""
    every = slice(None)
    draw(tmp_path / "sign.png", GREEN, every, every)
    draw(tmp_path / "quiet.png", None, every, every)
    draw(tmp_path / "left.png", BLUE, every, slice(0, 32))
    draw(tmp_path / "thumb.png", RED, slice(0, 24), every)
    (tmp_path / "crops.csv").write_text(
        "file,gesture,source,split\nsign.png,peace,a,dev\nquiet.png,none,b,dev\n", "utf-8"
    )
    (tmp_path / "photos.csv").write_text(
        "photo,has_gesture,source,split\nleft.png,1,c,dev\nthumb.png,1,c,dev\n", "utf-8"
    )
    return tmp_path


def labels(folder: Path) -> list[str]:
    return [str(folder / "crops.csv"), str(folder / "photos.csv")]


def measured(folder: Path, *options: str) -> dict[tuple[str, str], StabilityRow]:
    output = folder / "stability.json"
    given = [*labels(folder), "--jobs", "1", "--output", str(output), *options]
    assert stability.main(given, open_look) == 0
    return {(row.part, row.variant): row for row in read_stability(output).rows}


@pytest.mark.parametrize(
    ("variant", "kept", "without_thumbs"),
    [
        ("rotated 90", (2, 4), (2, 3)),
        ("rotated 180", (2, 4), (2, 3)),
        ("rotated 270", (2, 4), (2, 3)),
        ("mirrored", (3, 4), None),
        ("recompressed", (4, 4), None),
        ("half size", (4, 4), None),
        ("blurred", (4, 4), None),
        (EVERY, (21, 28), (21, 25)),
    ],
)
def test_photos_that_keep_their_level_are_counted(
    folder: Path, variant: str, kept: tuple[int, int], without_thumbs: tuple[int, int] | None
) -> None:
    row = measured(folder)["all", variant]
    assert counted(row.level) == f"{kept[0]}/{kept[1]}"
    if without_thumbs is None:
        assert row.level_no_thumbs is None
    else:
        assert row.level_no_thumbs is not None
        assert counted(row.level_no_thumbs) == f"{without_thumbs[0]}/{without_thumbs[1]}"
    assert (row.lowered, row.raised) == (kept[1] - kept[0], 0)


def test_groups_crops_and_flagged_photos_have_rows_of_their_own(folder: Path) -> None:
    rows = measured(folder)
    kept = {part: rows[part, "mirrored"].level for part in ("group", "crop", "flagged")}
    assert {part: (e.hits, e.n) for part, e in kept.items()} == {
        "group": (1, 2),
        "crop": (2, 2),
        "flagged": (2, 3),
    }


def test_the_table_says_it_in_words(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert stability.main([*labels(folder), "--jobs", "1"], open_look) == 0
    out, err = capfd.readouterr()
    mirrored = next(line for line in out.splitlines() if "mirrored" in line)
    assert mirrored.split()[1:] == [
        "3/4",
        "75.0",
        "30.1-95.4",
        "3/4",
        "75.0",
        "30.1-95.4",
        "0",
        "1",
    ]
    assert "2 group photos, 2 of 2 pictures of one hand" in out
    assert "3/4 left.png: high, rotated 90 none, rotated 180 none" in err


def test_the_figures_can_be_worked_out_again_from_the_json(folder: Path) -> None:
    measured(folder)
    found = read_stability(folder / "stability.json")
    variants = {name: name in found.rotations for name in found.variants}
    assert score(found.photos, variants, found.seed) == found.rows
    assert {p.file for p in found.photos} == {"sign.png", "quiet.png", "left.png", "thumb.png"}
    assert list(found.photos[0].versions) == [ORIGINAL, *NAMES]


def test_the_json_does_not_depend_on_the_number_of_processes(folder: Path) -> None:
    files = [folder / f"{jobs}.json" for jobs in ("1", "2")]
    for file in files:
        given = [*labels(folder), "--jobs", file.stem, "--output", str(file)]
        assert stability.main(given, open_look) == 0
    assert files[0].read_text("utf-8") == files[1].read_text("utf-8")


def test_nothing_but_the_output_is_written(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.iterdir()}
    measured(folder)
    after = {file: file.read_bytes() for file in folder.iterdir()}
    assert after.pop(folder / "stability.json")
    assert after == before


def test_a_sample_of_crops_goes_with_all_group_photos(folder: Path) -> None:
    draws = []
    for _ in range(2):
        measured(folder, "--crops", "1", "--seed", "3")
        found = read_stability(folder / "stability.json")
        assert (found.crops, found.groups) == ((1, 2), 2)
        draws.append([photo.file for photo in found.photos])
    assert draws[0] == draws[1]
    assert len(draws[0]) == 3


def test_a_source_can_be_left_out(folder: Path) -> None:
    assert measured(folder, "--exclude-source", "c")["all", "mirrored"].level.n == 2


def test_a_photo_that_cannot_be_opened_is_named_and_gives_3(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "left.png").write_bytes(b"no picture")
    assert stability.main([*labels(folder), "--jobs", "1"], open_look) == 3
    out, _ = capfd.readouterr()
    assert "NOT CHECKED 1 pictures" in out
    assert "left.png: " in out
    mirrored = next(line for line in out.splitlines() if "mirrored" in line)
    assert "3/3" in mirrored


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--split", "nowhere"], "no picture is left"),
        (["--exclude-source", "z"], "source z"),
        (["--output", "no/such/folder/x.json"], "no folder"),
    ],
)
def test_what_cannot_be_done_is_said_and_gives_2(
    folder: Path, capfd: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert stability.main([*labels(folder), *options], open_look) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err


def test_label_files_that_are_not_there_are_named(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert stability.main([str(folder / "missing.csv")], open_look) == 2
    assert "missing.csv" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["crops.csv", "sign.png"])
def test_labels_and_photos_are_never_written_over(folder: Path, name: str) -> None:
    before = (folder / name).read_bytes()
    assert stability.main([*labels(folder), "--output", str(folder / name)], open_look) == 2
    assert (folder / name).read_bytes() == before


def test_a_version_that_could_not_be_checked_has_kept_nothing() -> None:
    quiet = Version("none", 0.0)
    photo = PhotoVersions("a.jpg", "group", "", {ORIGINAL: quiet, "blurred": Version(None, None)})
    row = score([photo], {"blurred": False})[0]
    assert (row.level.hits, row.flag.hits, row.level.n) == (0, 0, 1)
    assert (row.raised, row.lowered) == (0, 0)


@pytest.mark.parametrize(
    ("result", "thumb"),
    [
        (checked(hand("thumb_up", 0.9, 90.0)), True),
        (checked(hand("thumb_up", 0.9, 90.0), hand("peace", 0.9, 30.0)), True),
        (checked(hand("thumb_up", 0.9, 90.0), hand("peace", 0.9, 85.0)), False),
        (checked(hand("peace", 0.9, 90.0), hand("thumb_up", 0.9, 85.0)), False),
        (checked(hand("thumb_up", 0.2, 10.0)), False),
        (checked(), False),
    ],
)
def test_a_level_rests_on_a_thumb_if_no_other_sign_reaches_it(
    result: PhotoResult, thumb: bool
) -> None:
    assert version_of(result).thumb is thumb


def noise() -> Pixels:
    return np.asarray(np.random.default_rng(5).integers(0, 256, (31, 46, 3)), np.uint8)


@pytest.mark.parametrize("variant", VARIANTS, ids=NAMES)
def test_a_variant_gives_new_pixels_and_leaves_the_old(variant: Variant) -> None:
    rgb = noise()
    made = variant.make(rgb)
    assert made.dtype == np.uint8
    assert made.flags.c_contiguous
    assert np.array_equal(rgb, noise())
    assert made.shape != rgb.shape or not np.array_equal(made, rgb)


def test_what_the_variants_do() -> None:
    made = {variant.name: variant.make(noise()) for variant in VARIANTS}
    rgb = noise()
    # A quarter turn clockwise: what was at the bottom left is at the top left.
    assert np.array_equal(made["rotated 90"][0, 0], rgb[-1, 0])
    assert np.array_equal(made["rotated 180"][0, 0], rgb[-1, -1])
    assert np.array_equal(made["rotated 270"][0, 0], rgb[0, -1])
    assert np.array_equal(made["mirrored"][0, 0], rgb[0, -1])
    assert made["half size"].shape == (15, 23, 3)
    assert made["recompressed"].shape == made["blurred"].shape == rgb.shape
    assert made["blurred"].std() < 0.6 * rgb.std()
