"""`posecheck scan` as a program: what it writes, says and returns, and what stopping it costs."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from posecheck.casefile.case import open_case
from posecheck.casefile.selection import ALL
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from posecheck.report.record import to_record
from posecheck.results import Level
from tests.cli.samples import FOLDER

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "posecheck", "scan", *map(str, arguments), "--lang", "en"]


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


def scan(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(**extra), timeout=240
    )


def noise(folder: Path, count: int) -> Path:
    """Different small pictures without hands: the quickest photos there are."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = np.random.default_rng(0)
    for n in range(count):
        pixels = drawn.integers(0, 255, (48, 48, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{n:04}.jpg")
    return folder


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The closing summary of a run with `--format json`."""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def content(case: Path) -> list[dict[str, Any]]:
    """Everything a case file says of photos but when and how fast, in a fixed order."""
    with open_case(case) as opened:
        found = []
        for photo in opened.photos(ALL):
            record = to_record(photo.result) | {"elapsed_ms": 0}
            record["names"] = [str(name) for name in photo.names]
            record["pictures"] = [
                (kind, opened.picture(photo.result.sha256, kind)) for kind in photo.pictures
            ]
            found.append(record)
        return found


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Two signs, one of them twice, an ordinary hand, and what is no photo."""
    folder = tmp_path / "album"
    (folder / "hari 1").mkdir(parents=True)
    shutil.copy(FOLDER / "peace.jpg", folder / "hari 1" / "dua.jpg")
    shutil.copy(FOLDER / "peace.jpg", folder / "salinan =1+1 'ü'.JPG")
    shutil.copy(FOLDER / "fist.jpg", folder / "kepal.jpg")
    (folder / "rusak.jpg").write_bytes((FOLDER / "one.jpg").read_bytes()[:3000])
    (folder / "catatan.txt").write_text("bukan foto")
    (folder / ".tersembunyi.jpg").write_bytes(b"")
    with zipfile.ZipFile(folder / "kiriman.zip", "w") as archive:
        archive.write(FOLDER / "ok.jpg", "hari 2/ok.jpg")
    return folder


def test_a_folder_is_scanned_kept_and_summed_up(album: Path, tmp_path: Path) -> None:
    case = tmp_path / "k.posecheck"
    before = {path: path.read_bytes() for path in album.rglob("*") if path.is_file()}
    done = scan(album, "--case", case)
    assert done.returncode == 3, done.stderr
    for words in (
        "Summary: 3 photos checked",
        "Resemblance high: 2",
        "The same photo under another name: 1",
        "Not checked: 1 (do not take them for clean)",
        "rusak.jpg",
        "catatan.txt",
        ".tersembunyi.jpg",
        f"posecheck review {case}",
    ):
        assert words in done.stdout
    names = [name for record in content(case) for name in record["names"]]
    assert f"{album / 'kiriman.zip'}!/hari 2/ok.jpg" in names
    assert str(album / "salinan =1+1 'ü'.JPG") in names
    with open_case(case) as opened:
        flagged = [p for p in opened.photos() if p.result.level is Level.HIGH]
        assert len(flagged) == 2
        assert all(p.pictures and p.pictures[-1] == "preview" for p in flagged)
        unread = [p for p in opened.photos(ALL) if p.result.level is None]
        assert [p.names[0].path for p in unread] == [str(album / "rusak.jpg")]
    assert before == {path: path.read_bytes() for path in album.rglob("*") if path.is_file()}

    again = scan(album, "--case", case, "--format", "json")
    assert again.returncode == 3
    assert summary(again)["worked_on"] == 0
    assert summary(again)["levels"] == {"none": 1, "low": 0, "medium": 0, "high": 2}

    (album / "rusak.jpg").write_bytes((FOLDER / "one.jpg").read_bytes())
    repaired = scan(album, "--case", case, "--format", "json")
    assert repaired.returncode == 1
    assert (summary(repaired)["worked_on"], summary(repaired)["failed"]) == (1, [])


def test_other_settings_make_results_stale(album: Path, tmp_path: Path) -> None:
    case = tmp_path / "k.posecheck"
    (album / "rusak.jpg").unlink()
    scan(album, "--case", case, "--no-pictures")
    other = scan(album, "--case", case, "--no-pictures", "--contest", "pilkada", "--format", "json")
    assert summary(other)["worked_on"] == 4
    with open_case(case) as opened:
        assert {p.result.contest for p in opened.photos(ALL)} == {"pilkada"}
        assert all(p.pictures == () for p in opened.photos(ALL))


def test_what_people_judged_before_is_not_raised_again(album: Path, tmp_path: Path) -> None:
    case = tmp_path / "k.posecheck"
    (album / "rusak.jpg").unlink()
    assert scan(album, "--case", case, "--no-pictures").returncode == 1
    with open_case(case) as opened:
        for sha256 in opened.hashes():
            opened.decide(sha256, Verdict.DIFFERENT, reviewer="Ani")
    shutil.copy(FOLDER / "peace.jpg", album / "sekali lagi.jpg")
    again = scan(album, "--case", case, "--no-pictures", "--rules", "bkn")
    assert again.returncode == 0
    assert "does not resemble: " in again.stdout or "do not resemble: 2" in again.stdout
    assert "Resemblance high" not in again.stdout


def test_the_number_of_workers_changes_nothing(album: Path, tmp_path: Path) -> None:
    one, three = tmp_path / "1.posecheck", tmp_path / "3.posecheck"
    scan(album, "--case", one, "--jobs", 1)
    scan(album, "--case", three, "--jobs", 3)
    assert content(one) == content(three)
    assert len(content(one)) == 4


@POSIX
def test_kill_at_random_moments_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    photos = noise(tmp_path / "foto", 60)
    shutil.copy(photos / "0001.jpg", photos / "salinan.jpg")
    whole, killed = tmp_path / "whole.posecheck", tmp_path / "killed.posecheck"
    assert scan(photos, "--case", whole, "--jobs", 2).returncode == 0
    draw = random.Random(0)
    kept = 0
    for _ in range(4):
        child = subprocess.Popen(
            command(photos, "--case", killed, "--jobs", 2),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        # Until it has got on, and then a moment longer.
        deadline = time.monotonic() + 60
        while stored(killed) <= kept and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(draw.random() / 4)
        child.kill()
        child.wait()
        assert stored(killed) >= kept
        kept = stored(killed)
    assert kept > 0
    before = checked_at(killed)
    last = scan(photos, "--case", killed, "--jobs", 2, "--format", "json")
    assert last.returncode == 0
    assert content(killed) == content(whole)
    after = checked_at(killed)
    assert {sha256: after[sha256] for sha256 in before} == before
    assert summary(last)["checked"] == 60


def checked_at(case: Path) -> dict[str, str]:
    with open_case(case) as opened:
        return {p.result.sha256: p.checked_at.isoformat() for p in opened.photos(ALL)}


def stored(case: Path) -> int:
    try:
        with open_case(case) as opened:
            return opened.count(ALL)
    except CaseError:  # not there yet, or just being made
        return 0


@POSIX
def test_ctrl_c_finishes_what_is_in_hand_and_says_how_to_go_on(tmp_path: Path) -> None:
    photos, case = noise(tmp_path / "foto", 80), tmp_path / "k.posecheck"
    child = subprocess.Popen(
        command(photos, "--case", case, "--jobs", 2),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        # Shells start background jobs with the interrupt ignored; this one must see it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 60
    while stored(case) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Finishing the photos in hand" in err
    assert "The same command goes on from here" in err
    assert "Traceback" not in err
    done = stored(case)
    assert f"Summary: {done} photos checked" in out
    assert 0 < done < 80
    last = scan(photos, "--case", case, "--format", "json")
    assert last.returncode == 0
    assert summary(last)["worked_on"] == 80 - done
    assert "Going on" in last.stderr


def test_a_second_scan_into_the_same_case_file_is_refused(tmp_path: Path) -> None:
    from filelock import FileLock

    case = tmp_path / "k.posecheck"
    with FileLock(f"{case}.lock"):
        done = scan(noise(tmp_path / "foto", 1), "--case", case)
    assert done.returncode == 2
    assert "another scan is writing" in done.stderr
    assert not case.exists()


def test_lists_and_globs(tmp_path: Path) -> None:
    photos, case = noise(tmp_path / "foto", 4), tmp_path / "k.posecheck"
    names = tmp_path / "daftar.txt"
    names.write_text(f"{photos / '0000.jpg'}\n\n{photos / '0001.jpg'}\n", "utf-8")
    listed = scan("--files-from", names, "--case", case, "--format", "json")
    assert (listed.returncode, summary(listed)["checked"]) == (0, 2)
    chosen = scan(photos, "--include", "000[23]*", "--exclude", "*3.jpg", "--case", case)
    assert chosen.returncode == 0
    assert "Summary: 1 photos checked" in chosen.stdout
    assert "left out by the patterns: 3" in chosen.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--case", "k.posecheck"], "no photo was named"),
        (["foto", "--case", "k.jpg"], "is called like a photo"),
        (["foto", "--case", "catatan.txt"], "not a database"),
        (["foto"], "--case"),
        (["foto", "--case", "k.posecheck", "--files-from", "tidak-ada"], "tidak-ada"),
        (["foto", "--case", "k.posecheck", "--engine", "awan"], "local"),
        (["foto", "--case", "k.posecheck", "--contest", "tidak-ada"], "tidak-ada"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_made(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("catatan.txt").write_text("bukan berkas kasus, tetapi catatan biasa")
    noise(tmp_path / "foto", 1)
    done = scan(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert Path("catatan.txt").read_text() == "bukan berkas kasus, tetapi catatan biasa"


def test_what_is_not_there_is_not_checked_and_never_clean(tmp_path: Path) -> None:
    done = scan(tmp_path / "tidak ada", "--case", tmp_path / "k.posecheck")
    assert done.returncode == 3
    assert "Not checked: 1" in done.stdout


def test_an_empty_folder_says_that_nothing_was_checked(tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    done = scan(tmp_path / "kosong", "--case", tmp_path / "k.posecheck")
    assert "Summary: 0 photos checked" in done.stdout
    assert done.returncode == 2
    assert "no photo" in done.stderr


@POSIX
def test_watching_scans_what_arrives(tmp_path: Path) -> None:
    photos, case = noise(tmp_path / "foto", 1), tmp_path / "k.posecheck"
    child = subprocess.Popen(
        command(photos, "--case", case, "--watch", "--no-pictures"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        wait_for(case, 1)
        time.sleep(1)  # until the folder is watched; a file that came before would be listed
        shutil.copy(FOLDER / "peace.jpg", photos / "baru.jpg")
        wait_for(case, 2)
    finally:
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 1, err
    assert "Resemblance high: 1" in out


def wait_for(case: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while stored(case) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stored(case) == count
