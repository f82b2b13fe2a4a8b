"""Run a hand finder in a process that the kernel kills at its first network socket.

    python -m tests.hands.no_sockets BACKEND SECONDS [RUNTIME]

Native libraries open sockets without Python's knowledge, so no audit hook sees them; a seccomp
filter does.  A process that it started would be killed alone and unseen, so starting one kills it
too.  Linux on x86-64 and ARM64 only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import subprocess
import sys
import time

SYSTEMS = {
    "x86_64": (0xC000003E, 41, 56, 435, (57, 58)),
    "aarch64": (0xC00000B7, 198, 220, 435, ()),
}
"""AUDIT_ARCH from linux/audit.h, and numbers from asm/unistd.h: socket, clone, clone3, and (fork,
vfork) where they are calls of their own."""

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL_PROCESS, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
CLONE_THREAD = 0x00010000
"""Flag of clone, from linux/sched.h: a thread of this process, no process of its own."""

Line = tuple[int, int, int, int]
"""(code, jump if true, jump if false, value); jumps skip that many lines."""


def install(program: list[Line]) -> None:
    """Let a filter judge every system call from here on; the strictest of several counts.

    Raises:
        OSError: The kernel does not allow it.
    """
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, padding, a pointer.
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(lines)))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SET_SECCOMP, FILTER, header, 0, 0)):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "prctl")


def forbid_network_sockets() -> None:
    """From here on socket(AF_INET) and socket(AF_INET6) end the process with SIGSYS.

    Raises:
        OSError: The kernel does not allow it.
    """
    architecture, number, *_ = SYSTEMS[platform.machine()]
    install(
        [
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
    )


def forbid_processes() -> None:
    """From here on starting a process ends this one with SIGSYS; threads are started as ever.

    Raises:
        OSError: The kernel does not allow it.
    """
    architecture, _, clone, clone3, forks = SYSTEMS[platform.machine()]
    forbidden: list[Line] = []
    for number in forks:
        forbidden += [(JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, KILL_PROCESS)]
    install(
        [
            (LOAD, 0, 0, ARCHITECTURE),
            (JUMP_IF_EQUAL, 1, 0, architecture),
            (RETURN, 0, 0, ALLOW),
            (LOAD, 0, 0, NUMBER),
            *forbidden,
            # Its flags lie where a filter cannot look.  Said to be missing, libraries use clone.
            (JUMP_IF_EQUAL, 0, 1, clone3),
            (RETURN, 0, 0, FAIL | errno.ENOSYS),
            (JUMP_IF_EQUAL, 0, 3, clone),
            (LOAD, 0, 0, FIRST_ARGUMENT),
            (JUMP_IF_SET, 1, 0, CLONE_THREAD),
            (RETURN, 0, 0, KILL_PROCESS),
            (RETURN, 0, 0, ALLOW),
        ]
    )


def main() -> None:
    """Forbid sockets, find hands, wait for whatever a library does in the background."""
    backend, seconds = sys.argv[1:3]
    runtime = sys.argv[3] if len(sys.argv) > 3 else "onnxruntime"
    forbid_network_sockets()
    # mediapipe imports matplotlib, which lists the fonts there are with fc-list where it has not
    # done so before.
    if backend != "mediapipe":
        forbid_processes()
    if backend == "socket":
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if backend == "process":
        subprocess.run([sys.executable, "-c", "pass"])
    if backend == "fork":
        os.fork()
    import numpy as np

    from posecheck.hands.backends import make_finder
    from posecheck.hands.team import Team

    finder = make_finder(backend, Team(1), runtime)
    finder.find(np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8))
    time.sleep(float(seconds))
    print("no sockets")


if __name__ == "__main__":
    main()
