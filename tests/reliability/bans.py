"""Put a ban on networks on this process and all its children, then become another program.

    python -m tests.reliability.bans (sockets|routes|routes=FILE) PROGRAM [ARGUMENT...]

`sockets`: the kernel ends any process that makes a socket other than between processes of this
computer (AF_UNIX), native code included (seccomp; Linux on x86-64 and ARM64).  `routes`: a
network namespace in which there is nothing but 127.0.0.1, for what needs that; how often something
tried to get out of it is written to FILE.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""AUDIT_ARCH and the number of socket(2), from linux/audit.h and asm/unistd.h."""

IO_URING_SETUP = 425
"""Would make sockets without socket(2); programs do without where it is refused."""

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, JUMP_IF_NOT_LESS, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL_PROCESS, FAIL_WITH_ENOSYS = 0x7FFF0000, 0x80000000, 0x00050000 | 38
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
X32 = 0x40000000
"""System calls of another kind of process on x86-64 have this bit."""

NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1


Line = tuple[int, int, int, int]
"""(code, jump if true, jump if false, value); jumps skip that many lines."""


def forbid_sockets() -> None:
    """From here on any socket(2) but AF_UNIX ends the process with SIGSYS, in children too.

    Raises:
        OSError: The kernel does not allow it.
    """
    architecture, number = SYSTEMS[platform.machine()]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_IF_EQUAL, 0, 8, architecture),
        (LOAD, 0, 0, NUMBER),
        (JUMP_IF_NOT_LESS, 6, 0, X32),
        (JUMP_IF_EQUAL, 4, 0, IO_URING_SETUP),
        (JUMP_IF_EQUAL, 0, 2, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_IF_EQUAL, 0, 2, int(socket.AF_UNIX)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, FAIL_WITH_ENOSYS),
        (RETURN, 0, 0, KILL_PROCESS),
    ]
    install(program)


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


def leave_the_network() -> None:
    """Move this process to where there is nothing but 127.0.0.1.

    Raises:
        OSError: The kernel does not allow it, neither to root nor in a user namespace.
    """
    import fcntl  # not on Windows, where this file is only imported

    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_NETWORK):
        if libc.unshare(NEW_NETWORK | NEW_USER):
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, GET_FLAGS, asked))[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def attempts_to_leave() -> int:
    """Packets and connections of this namespace that found no way out of it."""
    count = 0
    for line in Path("/proc/self/net/snmp6").read_text().splitlines():
        name, value = line.split()
        count += int(value) if name == "Ip6OutNoRoutes" else 0
    names, values = [
        line.split() for line in Path("/proc/self/net/snmp").read_text().splitlines()
        if line.startswith("Ip:")
    ]  # fmt: skip
    return count + int(values[names.index("OutNoRoutes")])


BANS: dict[str, Callable[[], None]] = {"sockets": forbid_sockets, "routes": leave_the_network}


def main() -> None:
    """Put the ban on and become the program, or run it and count."""
    ban, _, file = sys.argv[1].partition("=")
    command = sys.argv[2:]
    BANS[ban]()
    # Shells let what they start in the background ignore Ctrl-C, which tests send.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if not file:
        os.execvp(command[0], command)
    code = subprocess.call(command)
    Path(file).write_text(str(attempts_to_leave()))
    sys.exit(code)


if __name__ == "__main__":
    main()
