"""Run a hand finder in a process that the kernel kills at its first network socket.

    python -m tests.hands.no_sockets BACKEND SECONDS

Native libraries open sockets without Python's knowledge, so no audit hook sees them; a seccomp
filter does.  Linux on x86-64 and ARM64 only.
"""

from __future__ import annotations

import ctypes
import platform
import socket
import struct
import sys
import time

SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""AUDIT_ARCH and the number of socket(2), from linux/audit.h and asm/unistd.h."""

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16


def forbid_network_sockets() -> None:
    """From here on socket(AF_INET) and socket(AF_INET6) end the process with SIGSYS.

    Raises:
        OSError: The kernel does not allow it.
    """
    architecture, number = SYSTEMS[platform.machine()]
    program = [  # (code, jump if true, jump if false, value); jumps skip that many lines
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_IF_EQUAL, 0, 5, architecture),
        (LOAD, 0, 0, NUMBER),
        (JUMP_IF_EQUAL, 0, 3, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_IF_EQUAL, 2, 0, int(socket.AF_INET)),
        (JUMP_IF_EQUAL, 1, 0, int(socket.AF_INET6)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, KILL_PROCESS),
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, padding, a pointer.
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(lines)))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SET_SECCOMP, FILTER, header, 0, 0)):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "prctl")


def main() -> None:
    """Forbid sockets, find hands, wait for whatever a library does in the background."""
    backend, seconds = sys.argv[1:]
    forbid_network_sockets()
    if backend == "socket":
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    import numpy as np

    from posecheck.hands.backends import make_finder

    finder = make_finder(backend, 1)
    finder.find(np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8))
    time.sleep(float(seconds))
    print("no sockets")


if __name__ == "__main__":
    main()
