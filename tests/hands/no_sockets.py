"""Run a hand finder in a process that the kernel kills at its first network socket.

    python -m tests.hands.no_sockets BACKEND SECONDS [RUNTIME]

Native libraries open sockets without Python's knowledge, so no audit hook sees them; a seccomp
filter does.  A process that it started would be killed alone and unseen, so starting one kills it
too.  Linux on x86-64 and ARM64 only.
"""

from __future__ import annotations

import errno
import os
import platform
import socket
import subprocess
import sys
import time

from tests.reliability.bans import (
    ALLOW,
    ARCHITECTURE,
    FIRST_ARGUMENT,
    JUMP_IF_EQUAL,
    KILL_PROCESS,
    LOAD,
    NUMBER,
    RETURN,
    SYSTEMS,
    Line,
    forbid_sockets,
    install,
)

CALLS = {"x86_64": (56, 435, (57, 58)), "aarch64": (220, 435, ())}
"""Numbers from asm/unistd.h: clone, clone3, and (fork, vfork) where they are calls of their own."""

JUMP_IF_SET, FAIL = 0x45, 0x00050000
CLONE_THREAD = 0x00010000
"""Flag of clone, from linux/sched.h: a thread of this process, no process of its own."""


def forbid_processes() -> None:
    """From here on starting a process ends this one with SIGSYS; threads are started as ever.

    Raises:
        OSError: The kernel does not allow it.
    """
    architecture, _ = SYSTEMS[platform.machine()]
    clone, clone3, forks = CALLS[platform.machine()]
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
    forbid_sockets()
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
