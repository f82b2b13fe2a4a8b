"""The command as a process of its own: start-up, broken outputs, signals."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "cv2", "onnxruntime", "PIL", "pi_heif")

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX streams")


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "id_ID.UTF-8", "LC_ALL": "", **extra}


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "posecheck", *arguments],
        stderr=subprocess.PIPE,
        env=environment(),
        timeout=60,
        **options,
    )


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["check", "--help"], ["eval", "--help"], ["poses"], ["check"]],
)
def test_what_needs_no_photo_loads_no_decoder_and_no_runtime(arguments: list[str]) -> None:
    code = (
        "import sys; from posecheck.cli.main import main; "
        f"main({arguments!r}); "
        f"print('loaded', [m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment(), timeout=60
    )
    assert done.stderr.decode().splitlines()[-1] == "loaded []"


def test_the_module_and_the_script_of_a_checkout_run() -> None:
    assert run("--version").stdout.startswith(b"posecheck ")
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--version"], capture_output=True, timeout=60
    )
    assert done.stdout.startswith(b"posecheck ")


def test_output_is_utf8_whatever_the_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "posecheck", "poses", "--lang", "id"],
        capture_output=True,
        env=environment(PYTHONIOENCODING="ascii"),
        timeout=60,
    )
    assert done.returncode == 0
    assert "telunjuk" in done.stdout.decode("utf-8")


@POSIX
def test_a_reader_that_goes_away_ends_the_run_quietly() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = run("poses", stdout=closed)
    assert done.returncode == 2
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_and_is_fatal() -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("poses", stdout=full)
    assert done.returncode == 2
    assert "Hasil tidak bisa disimpan" in done.stderr.decode()
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


@POSIX
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion_script(shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "posecheck"],
        capture_output=True,
        timeout=60,
        env=environment(_POSECHECK_COMPLETE=f"{shell}_source"),
    )
    assert done.returncode == 0, done.stderr
    assert b"_POSECHECK_COMPLETE" in done.stdout


@POSIX
def test_commands_and_options_are_completed() -> None:
    def complete(words: str, n: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "posecheck"],
            capture_output=True,
            timeout=60,
            env=environment(_POSECHECK_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=n),
        )
        return done.stdout.decode()

    assert "plain,check" in complete("posecheck ch", "1")
    assert "plain,--fail-on" in complete("posecheck check --fa", "2")
    assert "plain,medium" in complete("posecheck check --fail-on me", "3")


def left(code: str) -> subprocess.CompletedProcess[bytes]:
    """A process that runs `code` and leaves with 3."""
    script = f"from posecheck.cli.process import leave\n{code}\nleave(3)"
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment(), timeout=60
    )


def test_leaving_loses_no_output_and_does_what_was_to_be_done_at_the_end() -> None:
    done = left(
        "import atexit, sys\n"
        "atexit.register(lambda: print('the end', file=sys.stderr))\n"
        "sys.stdout.write('x' * 1_000_000)"
    )
    assert (done.returncode, len(done.stdout), done.stderr) == (3, 1_000_000, b"the end\n")


def test_leaving_waits_for_a_thread_at_work() -> None:
    done = left(
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), print('done'))).start()"
    )
    assert (done.returncode, done.stdout.strip()) == (3, b"done")


@POSIX
def test_leaving_without_streams() -> None:
    assert left("import sys\nsys.stdout.close()\nsys.stderr = None").returncode == 3
