"""The page is served to this computer only, and ended by Ctrl-C."""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
import sys
import threading
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from posecheck.errors import CaseError, ReviewError
from posecheck.review import server
from tests.review.made import a_case
from tests.review.serving import served

ASK = """
import http.client, sys
host, port, path = sys.argv[1:]
connection = http.client.HTTPConnection(host, int(port), timeout=20)
connection.request("GET", path, headers={"Host": f"127.0.0.1:{port}"})
answer = connection.getresponse()
print(answer.status, dict(answer.getheaders()))
"""


def ask(host: str, port: int, path: str) -> str:
    """Ask as another program, since tests may not connect to anything themselves."""
    command = [sys.executable, "-c", ASK, host, str(port), path]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def own_addresses() -> list[str]:
    """Addresses of this computer that others could reach it by."""
    with Path("/proc/net/fib_trie").open() as file:
        lines = file.read().splitlines()
    found = {
        before.split()[-1] for before, line in itertools.pairwise(lines) if "host LOCAL" in line
    }
    return sorted(each for each in found if not each.startswith("127."))


def test_it_answers_here_tells_nothing_of_itself_and_ends_quietly(tmp_path: Path) -> None:
    case_path, _ = a_case(tmp_path)
    with served(case_path, "Sari") as (address, process):
        parts = urlsplit(address)
        assert parts.hostname == "127.0.0.1"
        port = parts.port or 0
        assert ask("127.0.0.1", port, f"/?{parts.query}").startswith("303")
        refused = ask("127.0.0.1", port, "/")
        assert refused.startswith("403")
        assert "'server'" not in refused.lower()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == ""


@pytest.mark.skipif(not Path("/proc/net/fib_trie").exists(), reason="only Linux tells it so")
def test_other_computers_cannot_reach_it(tmp_path: Path) -> None:
    addresses = own_addresses()
    if not addresses:
        pytest.skip("this computer has no other address")
    case_path, _ = a_case(tmp_path)
    with served(case_path) as (address, _):
        port = urlsplit(address).port or 0
        assert [ask(each, port, "/") for each in addresses] == [""] * len(addresses)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    case_path, _ = a_case(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ReviewError, match=str(port)):
            server.serve(case_path, open_browser=False, on_ready=print, port=port)
    with pytest.raises(ReviewError):
        server.serve(case_path, open_browser=False, on_ready=print, port=70_000)


def test_what_is_no_case_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        server.serve(tmp_path / "none", open_browser=False, on_ready=print)
    (tmp_path / "text").write_text("not a database" * 100)
    with pytest.raises(CaseError):
        server.serve(tmp_path / "text", open_browser=False, on_ready=print)


def test_the_browser_gets_an_address_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    case_path, _ = a_case(tmp_path)
    opened: list[str] = []
    told: list[str] = []
    there = threading.Event()

    def open_it(address: str) -> bool:
        opened.append(address)
        there.set()
        return True

    monkeypatch.setattr(webbrowser, "open", open_it)
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: None)
    server.serve(case_path, on_ready=told.append)
    assert there.wait(10)
    assert urlsplit(opened[0]).netloc == urlsplit(told[0]).netloc
    # Other users can see how programs were started; what they see there works once only.
    assert opened[0] != told[0]
