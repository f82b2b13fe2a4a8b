"""A case file over real little photos, and a page over it that can be asked without a network."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from posecheck.casefile.case import CaseFile, Selection, open_case
from posecheck.casefile.queue import FileEntry
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import to_record
from posecheck.report.texts import load
from posecheck.results import HandResult, Level, PhotoResult
from posecheck.review.app import ReviewApp
from posecheck.review.desk import Desk
from posecheck.review.guard import Guard, Keys
from tests.casefile.made import begin
from tests.report.photos import hand, peace, photo, thumb

PORT = 41234
BASE = f"http://127.0.0.1:{PORT}"
PREVIEW_COLOUR = (20, 200, 30)


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (160, 120)) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", quality=90)
    return file.getvalue()


def original(number: int, size: tuple[int, int] = (160, 120)) -> bytes:
    """A photo unlike every other number's, with a place in its EXIF block."""
    pixels = np.random.default_rng(number).integers(0, 255, (size[1], size[0], 3), np.uint8)
    exif = Image.Exif()
    exif[0x010E] = "Kantor rahasia"
    exif.get_ifd(0x8825)[2] = (6.0, 10.0, 30.0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=60, exif=exif)
    return file.getvalue()


def told(risk: float = 98.0, *hands: HandResult) -> PhotoResult:
    """A photo with two hands that resemble something and one that does not."""
    hands = hands or (peace(), thumb(), hand(box=(400, 400, 480, 480)))
    level = Level.HIGH if risk >= 70 else Level.MEDIUM
    return photo(*hands, risk=risk, level=level)


@dataclass(frozen=True)
class Kept:
    """A photo of a case: where it is, and its hash."""

    path: Path
    sha256: str


def add(case: CaseFile, files: Sequence[tuple[PhotoRef, bytes, PhotoResult]]) -> list[str]:
    """Scan files into a case; those that are flagged get small pictures.  Gives their hashes."""
    queue = begin(case)
    contents = {ref: (content, result) for ref, content, result in files}
    queue.enlist(FileEntry(ref, len(content), "1") for ref, content, _ in files)
    hashes = []
    for file in queue.pending():
        content, result = contents[file.ref]
        sha256 = hashlib.sha256(content).hexdigest()
        result = replace(result, path=str(file.ref), sha256=sha256)
        pictures = [("preview", jpeg(PREVIEW_COLOUR))] if result.level is not None else []
        pictures += [(f"hand-{i}", jpeg((9, 9, 9))) for i in range(len(result.hands))]
        if not queue.link_if_fresh(file, sha256):
            queue.store(file, to_record(result), pictures)
        hashes.append(sha256)
    queue.end(finished=True, told_of={})
    return hashes


def a_case(
    folder: Path,
    names: Sequence[str] = ("a.jpg", "b.jpg", "c.jpg"),
    result: PhotoResult | None = None,
) -> tuple[Path, list[Kept]]:
    """A case file with a photo for each name, the riskiest first."""
    photos = folder / "foto"
    photos.mkdir(exist_ok=True)
    files = []
    for number, name in enumerate(names):
        path = photos / name
        path.write_bytes(original(number))
        files.append((PhotoRef(str(path)), path.read_bytes(), result or told(98.0 - number)))
    case_path = folder / "kasus.posecheck"
    with open_case(case_path, create=True) as case:
        hashes = add(case, files)
    return case_path, [Kept(photos / n, h) for n, h in zip(names, hashes, strict=True)]


class Site:
    """The page, asked as a browser would that was given its address."""

    def __init__(self, case: CaseFile, keys: Keys, guarded: Guard) -> None:
        self.case = case
        self.keys = keys
        transport = httpx.ASGITransport(guarded, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def send(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        """Ask for an address as it is; no cookie is sent unless `enter` was called."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self._client.request(method, path, data=form, headers=sent))

    def enter(self) -> None:
        """Exchange the token for the cookie."""
        assert self.send("GET", f"/?token={self.keys.token}").status_code == 303

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, its path inside the page's folder."""
        return self.send("GET", self.keys.folder + path, None, **headers)

    def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form of the page."""
        form = {"csrf": self.keys.csrf, **form}
        return self.send("POST", self.keys.folder + path, form, Origin=BASE)

    def page(self, path: str) -> str:
        """Ask for a page, go where it leads, and give its text."""
        answer = self.get(path)
        while answer.status_code == 303:
            answer = self.send("GET", answer.headers["location"])
        assert answer.status_code == 200, answer.text
        return answer.text


@contextmanager
def a_site(
    case_path: Path, reviewer: str = "Sari", lang: str = "id", selection: Selection | None = None
) -> Iterator[Site]:
    """The page of a case file, with the cookie already taken."""
    keys = Keys()
    say = load(lang, "review")
    with (
        open_case(case_path) as case,
        ThreadPoolExecutor(1) as desk_thread,
        ThreadPoolExecutor(1) as picture_thread,
    ):
        app = ReviewApp(
            Desk(case, selection or Selection()),
            say,
            keys,
            case=case_path.name,
            reviewer=reviewer,
            desk_thread=desk_thread,
            picture_thread=picture_thread,
        )
        site = Site(case, keys, Guard(app.asgi(), keys, PORT, say("review.locked")))
        site.enter()
        yield site


def where(answer: httpx.Response) -> str:
    """Where an answer leads, without the page's folder."""
    assert answer.status_code == 303, answer.text
    return re.sub(r"^/[0-9a-f]{16}", "", answer.headers["location"])
