"""The installed pipeline on samples/: every picture is found and read right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from posecheck.gesture.vocabulary import BY_ID
from posecheck.opening import PHOTO_SUFFIXES
from posecheck.results import Level
from tests.cli.samples import FOLDER, expected
from tests.cli.test_process import ROOT, environment

EXPECTED = expected()


def posecheck(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    options.setdefault("env", environment())
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        **options,
    )


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    """Record of each sample, from one run over the folder."""
    done = posecheck("check", FOLDER, "--format", "jsonl", "--fail-on", "low")
    assert done.returncode in (0, 1), done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(record["path"]).name: record for record in found}


def test_every_picture_has_an_expectation() -> None:
    pictures = {path.name for path in FOLDER.iterdir() if path.suffix.lower() in PHOTO_SUFFIXES}
    assert pictures == set(EXPECTED)
    assert any(len(entry["signs"]) > 1 for entry in EXPECTED.values()), "one is of a group"


@pytest.mark.parametrize("name", EXPECTED)
def test_every_sign_is_found_and_read_right(records: dict[str, dict[str, Any]], name: str) -> None:
    record, entry = records[name], EXPECTED[name]
    assert record["status"] == "checked"
    signs = [hand["gesture"] for hand in record["hands"] if BY_ID[hand["gesture"]].is_sign]
    assert sorted(signs) == sorted(entry["signs"])
    assert (Level(record["level"]).rank >= Level.MEDIUM.rank) == entry["flagged"]


def test_a_person_reads_the_same(records: dict[str, dict[str, Any]]) -> None:
    done = posecheck("check", FOLDER, "-q")
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    lines = {Path(line.split(": ")[0]).name: line for line in done.stdout.splitlines()}
    for name in EXPECTED:
        nothing = "Tidak ditemukan gestur yang menyerupai simbol nomor." in lines[name]
        assert nothing == (records[name]["level"] == "none"), name


def test_samples_are_never_written_to(tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
    done = posecheck("check", FOLDER, "--annotate", tmp_path / "kotak", "-q")
    assert done.returncode in (0, 1), done.stderr
    assert {p.name: p.read_bytes() for p in FOLDER.iterdir() if p.is_file()} == before
    assert len(list((tmp_path / "kotak").iterdir())) == len(EXPECTED)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_with_130_and_whole_lines(tmp_path: Path) -> None:
    photo = FOLDER / next(iter(EXPECTED))
    names = [str(photo)] * 500
    process = subprocess.Popen(
        [sys.executable, "-m", "posecheck", "check", *names, "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=tmp_path,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    for line in [first, *out.splitlines()]:
        assert json.loads(line)["schema"] == "posecheck/1"
    assert "Dihentikan" in err.decode()
    assert b"Traceback" not in err


def test_a_photo_on_stdin_is_read_like_its_file(records: dict[str, dict[str, Any]]) -> None:
    name = next(iter(EXPECTED))
    done = subprocess.run(
        [sys.executable, "-m", "posecheck", "check", "-", "--format", "jsonl"],
        input=(FOLDER / name).read_bytes(),
        capture_output=True,
        env=environment(),
        timeout=300,
    )
    record = json.loads(done.stdout)
    apart = ("path", "elapsed_ms")
    assert {k: v for k, v in record.items() if k not in apart} == {
        k: v for k, v in records[name].items() if k not in apart
    }


def test_the_library_says_the_same_in_five_lines(records: dict[str, dict[str, Any]]) -> None:
    name = next(iter(EXPECTED))
    code = (
        "import posecheck, sys\n"
        "result = posecheck.check(sys.argv[1])\n"
        "print(result.level.value, *(hand.gesture for hand in result.hands))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(FOLDER / name)],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=300,
    )
    record = records[name]
    assert done.stdout.split() == [record["level"], *(hand["gesture"] for hand in record["hands"])]
    assert done.stderr == ""


NO_SOCKETS = os.pathsep.join([str(Path(__file__).parent / "no_network"), str(ROOT)])


def test_the_guard_itself_forbids_sockets() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"],
        capture_output=True,
        encoding="utf-8",
        env=environment(PYTHONPATH=NO_SOCKETS),
        timeout=60,
    )
    assert done.returncode != 0
    assert "network touched" in done.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_socket_is_opened_from_file_to_verdict(tmp_path: Path, form: str) -> None:
    done = posecheck(
        "check",
        FOLDER,
        "--format",
        form,
        "--annotate",
        tmp_path / "kotak",
        env=environment(PYTHONPATH=NO_SOCKETS),
    )
    assert done.returncode in (0, 1), done.stderr
    assert "network touched" not in done.stderr
    # A guard that made every photo an error would hide behind exit code 3 only.
    assert "RuntimeError" not in done.stdout


def test_it_works_where_there_is_no_network_at_all() -> None:
    unshare = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*unshare, "true"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no network namespaces here")
    done = subprocess.run(
        [*unshare, sys.executable, "-m", "posecheck", "check", str(FOLDER), "-q"],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=300,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Ringkasan" in done.stdout
