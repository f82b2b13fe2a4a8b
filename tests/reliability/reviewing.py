"""The review page as a program of its own, and a reviewer that asks it over HTTP."""

from __future__ import annotations

import http.client
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from tests.reliability.program import start

VERDICTS = ("resembles", "does_not_resemble", "unclear")


class Reviewer:
    """A person at the page, with its cookie and the secret of its forms."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._port = parts.port or 0
        status, where, cookie, _ = self._ask("GET", f"/?{parts.query}")
        assert status == 303, status
        self._folder = where.rstrip("/")
        self._cookie = cookie.partition(";")[0]
        self._csrf = ""

    def look(self, sha256: str) -> int:
        """Open the page of a photo; the status of the answer."""
        status, _, _, body = self._ask("GET", f"{self._folder}/photo/{quote(sha256)}")
        found = re.search(r'name="csrf" value="([^"]+)"', body)
        self._csrf = found[1] if found else self._csrf
        return status

    def decide(self, sha256: str, verdict: str) -> tuple[int, str]:
        """Send a decision; status and text of the answer."""
        if not self._csrf:
            self.look(sha256)
        form = urlencode({"csrf": self._csrf, "verdict": verdict})
        status, _, _, body = self._ask("POST", f"{self._folder}/photo/{sha256}/decision", form)
        return status, body

    def _ask(self, method: str, path: str, form: str | None = None) -> tuple[int, str, str, str]:
        host = f"127.0.0.1:{self._port}"
        headers = {"Host": host, "Origin": f"http://{host}"}
        if hasattr(self, "_cookie"):
            headers["Cookie"] = self._cookie
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "replace")
            location, cookie = answer.getheader("location", ""), answer.getheader("set-cookie", "")
            return answer.status, location, cookie, body
        finally:
            connection.close()


@contextmanager
def page(
    case: Path, env: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The page of a case file: its address ("" where it did not start) and its process."""
    process = start("review", case, "--no-browser", "--reviewer", "Sari", env=env)
    assert process.stderr is not None
    address = ""
    for line in process.stderr:
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/\?token=\S+", line)
        if found:
            address = found[0]
            break
    try:
        yield address, process
    finally:
        process.kill()
        process.communicate()
