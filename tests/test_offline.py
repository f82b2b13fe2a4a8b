"""The guard that keeps every other test off the network does its work."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import OfflineError

# TEST-NET-1 (RFC 5737): an address that belongs to nobody.
NOBODY = ("192.0.2.1", 9)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda tcp, udp: tcp.connect(NOBODY),
        lambda tcp, udp: tcp.connect_ex(NOBODY),
        lambda tcp, udp: udp.sendto(b"x", NOBODY),
        lambda tcp, udp: socket.getaddrinfo("localhost", 80),
        lambda tcp, udp: socket.gethostbyname("localhost"),
        lambda tcp, udp: socket.create_connection(NOBODY),
    ],
    ids=["connect", "connect_ex", "sendto", "getaddrinfo", "gethostbyname", "create_connection"],
)
def test_the_network_is_refused(
    attempt: Callable[[socket.socket, socket.socket], object],
) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        pytest.raises(OfflineError),
    ):
        attempt(tcp, udp)


def test_nothing_that_speaks_to_a_network_is_imported(repository: Path) -> None:
    """Neither the package nor its command line brings an HTTP client along."""
    code = (
        "import sys, posecheck.cli.main, posecheck.checker;"
        "print([m for m in ('http.client', 'requests', 'urllib3', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repository
    )
    assert done.stdout.strip() == "[]"
