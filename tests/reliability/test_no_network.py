"""Every command works where the kernel ends a process at its first socket."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.bans import SYSTEMS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in SYSTEMS,
    reason="the kernel's filter is set up for Linux on x86-64 and ARM64",
)

COMMANDS = """
import shutil, sys
from pathlib import Path
from posecheck.cli.main import main

def run(*arguments):
    print(arguments[0], main([*arguments, "--lang", "en"]), file=sys.stderr)

def everything(samples):
    Path("album").mkdir()
    for name in ("peace.jpg", "fist.jpg"):
        shutil.copy(samples / name, "album")
    run("check", "album", "--annotate", "boxes", "-o", "check.txt")
    run("scan", "album", "--case", "k.posecheck", "--jobs", "1")
    for form in ("xlsx", "html", "pdf", "csv", "jsonl", "parquet"):
        run("export", "k.posecheck", "-o", "out." + form)
    run("poses", "--html", "poster.html")
    run("audit", "k.posecheck")
    run("purge", "k.posecheck", "--older-than", "1d", "--yes")

if __name__ == "__main__":  # workers import this file too
    everything(Path(sys.argv[1]))
    made = ["check.txt", "poster.html", *("out." + f for f in "xlsx html pdf csv jsonl".split())]
    assert all(Path(name).stat().st_size for name in made)
    assert len(list(Path("boxes").iterdir())) == 2
"""


def banned(ban: str, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python command line under a ban."""
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-m", "tests.reliability.bans", ban, sys.executable, *command],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module", autouse=True)
def _works(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The ban ends who makes a socket, children and netlink included, and nobody else."""
    folder = tmp_path_factory.mktemp("ban")
    done = banned("sockets", "-c", "import socket; socket.socketpair(); print('fine')", cwd=folder)
    if "prctl" in done.stderr:
        pytest.skip("this kernel does not let a process filter its own system calls")
    assert (done.returncode, done.stdout) == (0, "fine\n"), done.stderr
    for family in ("AF_INET", "AF_INET6", "AF_NETLINK"):
        make = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
        child = (
            f"import subprocess, sys;sys.exit(-subprocess.call([sys.executable, '-c', {make!r}]))"
        )
        done = banned("sockets", "-c", child, cwd=folder)
        assert done.returncode == signal.SIGSYS, (family, done)


def test_every_command_does_without_sockets(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "all.py").write_text(COMMANDS)
    done = banned("sockets", "all.py", str(repository / "samples"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    codes = [line.split() for line in done.stderr.splitlines() if line.split()[:1]]
    told = {line[0]: line[1] for line in codes if len(line) == 2 and line[1].isdigit()}
    assert told["check"] == told["scan"] == "1", done.stderr[-3000:]
    assert {told[name] for name in ("export", "poses", "audit", "purge")} == {"0"}
