"""No file of the disk is served, however its name is spelled or put in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from posecheck.casefile.case import open_case
from posecheck.opening.refs import PhotoRef
from tests.review.made import a_case, a_site, add, original, told
from tests.review.serving import served

SECRET = b"rahasia di cakram 5512"

ASK = """
import http.client, json, sys
port, lines = int(sys.argv[1]), json.load(sys.stdin)
import socket
def raw(target, cookie="", host=None):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = f"GET {target} HTTP/1.1\\r\\nHost: {host or f'127.0.0.1:{port}'}\\r\\n"
        head += f"Cookie: {cookie}\\r\\n" if cookie else ""
        connection.sendall((head + "Connection: close\\r\\n\\r\\n").encode("latin-1"))
        with connection.makefile("rb") as answer:
            return answer.read()
first = raw(lines[0]).decode()
cookie = next(l for l in first.splitlines() if l.lower().startswith("set-cookie")).split(": ")[1]
cookie = cookie.split(";")[0]
folder = next(l for l in first.splitlines() if l.lower().startswith("location")).split(": ")[1]
answers = [raw(line.replace("FOLDER/", folder), cookie).hex() for line in lines[1:]]
json.dump(answers, sys.stdout)
"""
"""Asks as it stands for every line; a client that is polite would tidy the paths up first."""


def ask(address: str, targets: list[str]) -> list[bytes]:
    """What the server answers, without any tidying in between."""
    parts = urlsplit(address)
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(parts.port)],
        input=json.dumps([f"/?{parts.query}", *targets]),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [bytes.fromhex(answer) for answer in json.loads(done.stdout)]


def test_paths_lead_nowhere(tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path)
    secret = tmp_path / "sandi.txt"
    secret.write_bytes(SECRET)
    sha256 = kept[0].sha256
    up = "../" * 12
    spellings = [
        str(secret), str(case_path), str(kept[0].path), "/etc/passwd", f"{up}etc/passwd",
        f"{up}{secret}", f"./{secret}", f"file://{secret}", "..", "../app.py", "../guard.py",
        "..\\app.py", "C:\\Windows\\win.ini", "review.css/../../app.py", "review.css\0.jpg",
    ]  # fmt: skip
    targets = []
    for spelling in spellings:
        once = quote(spelling, safe="")
        for name in (once, quote(once, safe=""), once.replace(".", "%2e"), quote(spelling)):
            targets += [f"FOLDER/static/{name}", f"FOLDER/picture/{sha256}/{name}"]
            targets += [f"FOLDER/picture/{name}/original", f"FOLDER/photo/{name}", f"FOLDER/{name}"]
            targets += [f"/{name}", f"//{name}"]
    targets += [f"FOLDER/picture/{sha256}/original?path={quote(str(secret))}"]
    targets += [f"http://evil.example{secret}", f"http://127.0.0.1{secret}", "*"]
    with served(case_path, "Sari") as (address, process):
        answers = ask(address, [f"FOLDER/picture/{sha256}/original", *targets])
        assert process.poll() is None
    assert answers[0].startswith(b"HTTP/1.1 200"), "asking works"
    assert len(answers) > 400
    for target, answer in zip(targets, answers[1:], strict=True):
        head, _, body = answer.partition(b"\r\n\r\n")
        status = head.split()[1]
        if target.startswith(f"FOLDER/picture/{sha256}/original?"):
            assert body == answers[0].partition(b"\r\n\r\n")[2]
            continue
        assert status in (b"400", b"403", b"404", b"405"), (target, head)
        for held in (SECRET, b"root:", b"SQLite format", b"class ReviewApp", b"\xff\xd8\xff"):
            assert held not in body, target


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("what", ["text", "photo", "folder", "pipe", "endless", "loop", "case"])
def test_what_is_put_in_a_photos_place_is_not_shown(tmp_path: Path, what: str) -> None:
    """After the scan, the photo's name leads to something else."""
    case_path, [kept] = a_case(tmp_path, ["a.jpg"])
    elsewhere = tmp_path / "di tempat lain"
    kept.path.unlink()
    if what == "text":
        elsewhere.write_bytes(SECRET)
    elif what == "photo":
        elsewhere.write_bytes(original(77))
    elif what == "folder":
        elsewhere.mkdir()
    elif what == "pipe":
        os.mkfifo(elsewhere)
    elif what == "endless":
        elsewhere = Path("/dev/zero")
    elif what == "loop":
        elsewhere = kept.path
    else:
        elsewhere = case_path
    kept.path.symlink_to(elsewhere)
    with a_site(case_path) as site:
        for kind in ("original", "best"):
            answer = site.get(f"/picture/{kept.sha256}/{kind}")
            assert answer.status_code in (204, 404)
        assert f"/picture/{kept.sha256}/preview" in site.page(f"/photo/{kept.sha256}")


@pytest.mark.parametrize(
    "ref",
    [
        PhotoRef("/etc/passwd"), PhotoRef("../../../etc/passwd"), PhotoRef("/dev/zero"),
        PhotoRef("a\0b.jpg"), PhotoRef(""), PhotoRef("file:///etc/passwd"), PhotoRef("x" * 5000),
        PhotoRef("/etc/passwd", "../../etc/passwd"), PhotoRef("http://evil.example/a.jpg"),
    ],
)  # fmt: skip
def test_names_in_a_case_file_of_somebody_else_lead_nowhere(tmp_path: Path, ref: PhotoRef) -> None:
    """Whoever made the case file chose the names in it."""
    content = original(3)
    with open_case(tmp_path / "k", create=True) as case:
        [sha256] = add(case, [(ref, content, told())])
    with a_site(tmp_path / "k") as site:
        answer = site.get(f"/picture/{sha256}/original")
        assert answer.status_code == 404
        assert b"root:" not in answer.content
        assert site.get(f"/photo/{sha256}").status_code == 200
