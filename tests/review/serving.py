"""The page served by a process of its own, as the command does; also what that process runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posecheck.review.server import serve


@contextmanager
def served(case_path: Path, reviewer: str = "") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The page's address and the process that serves it; it is ended at the end."""
    command = [sys.executable, "-m", "tests.review.serving", str(case_path), reviewer]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, process.communicate()[1]
            yield address, process
        finally:
            process.kill()


if __name__ == "__main__":
    serve(
        Path(sys.argv[1]),
        reviewer=sys.argv[2],
        open_browser=False,
        on_ready=lambda address: print(address, flush=True),
    )
