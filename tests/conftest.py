"""What every test stands on: no network, repeatable examples, and photos where there are some."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

NETWORK_EVENTS = frozenset(
    {
        "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
        "socket.sendto", "socket.sendmsg",
    }
)  # fmt: skip


class OfflineError(AssertionError):
    """Something tried to reach a network; no OSError, so that no handler takes it for one."""


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event not in NETWORK_EVENTS:
        return
    # Sockets between processes of this machine (multiprocessing has them) reach no network.
    unix = getattr(socket, "AF_UNIX", None)
    if arguments and isinstance(arguments[0], socket.socket) and arguments[0].family == unix:
        return
    raise OfflineError(f"posecheck must not use the network: {event}{arguments!r}")


# An audit hook and not a patched `socket` module: names that were imported before are caught too.
sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that these tests are part of."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_photos() -> Path:
    """Labelled photos beside the checkout; what needs them is skipped where there are none."""
    folder = REPOSITORY.parent / "shared" / "photos"
    if not folder.is_dir():
        pytest.skip("there are no labelled photos beside this checkout")
    return folder
