"""What `faulty.c` does to a program that it is preloaded into, as environment variables."""

from __future__ import annotations

import atexit
import errno
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

SOURCE = Path(__file__).with_name("faulty.c")


@cache
def library() -> Path | None:
    """The compiled shim; None where there is no Linux or no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        return None
    folder = mkdtemp(prefix="posecheck-faulty-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    built = Path(folder) / "faulty.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(built), str(SOURCE), "-ldl"], check=True
    )
    return built


def faults(
    under: Path | None = None,
    *,
    at: int = 0,
    how: str = "",
    error: int = errno.EIO,
    count: Path | None = None,
    slow_ms: int = 0,
    clock: Path | None = None,
) -> dict[str, str]:
    """Variables for the environment of a program; see `faulty.c`.

    Args:
        under: What paths of the files that are touched begin with.
        at: Number of the operation on which something happens; 0 for none.
        how: "fail", "gone", "kill" or "torn".
        error: What a failing operation says.
        count: Where the number of operations is written to.
        slow_ms: Milliseconds by which waiting for the disk takes longer.
        clock: File that holds by how many seconds the clock is wrong.
    """
    built = library()
    assert built is not None, "there is no shim on this system"
    variables = {
        "LD_PRELOAD": str(built),
        "FAULTY_AT": str(at),
        "FAULTY_HOW": how,
        "FAULTY_ERRNO": str(error),
        "FAULTY_SLOW": str(slow_ms),
    }
    if under is not None:
        variables["FAULTY_UNDER"] = str(under)
    if count is not None:
        variables["FAULTY_COUNT"] = str(count)
    if clock is not None:
        variables["FAULTY_CLOCK"] = str(clock)
    return variables
