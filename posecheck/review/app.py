"""The review page as an ASGI app: addresses, forms, and what each leads to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.report.findings import findings_of
from posecheck.report.plain import visible
from posecheck.report.texts import Texts
from posecheck.review.desk import Desk
from posecheck.review.filters import Filter, read_filter
from posecheck.review.forms import (
    NUMBER,
    SHA256,
    found,
    hand_of,
    name_of,
    note_of,
    photo_of,
    read_form,
)
from posecheck.review.guard import Keys
from posecheck.review.messages import Messages
from posecheck.review.pictures import Originals, may_be_there
from posecheck.review.templates import Templates

T = TypeVar("T")

STATIC: dict[str, str] = {
    "review.css": "text/css",
    "review.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""Every file that is served, and its type."""

_STORED = re.compile(r"preview|hand-[0-9]{1,4}")


class ReviewApp:
    """Answers requests that were let in.

    The desk and the originals have a thread each, so that a slow disk or a huge picture keeps
    neither decisions nor the event loop waiting.
    """

    def __init__(
        self,
        desk: Desk,
        say: Texts,
        keys: Keys,
        *,
        case: str,
        reviewer: str,
        desk_thread: Executor,
        picture_thread: Executor,
    ) -> None:
        """Take what the page is made of.

        Args:
            desk: Photos and decisions.
            say: Words of the chosen language, those of the part "review" included.
            keys: Secrets of this run.
            case: Name of the case file, without its folder.
            reviewer: Who decides; "" to ask.
            desk_thread: One thread, the only one that uses the desk.
            picture_thread: One thread, which opens originals.
        """
        self._desk = desk
        self._keys = keys
        self._reviewer = name_of(reviewer)
        self._desk_thread = desk_thread
        self._picture_thread = picture_thread
        self._originals = Originals()
        self._templates = Templates(say, keys, visible(case), desk.base)
        self._messages = Messages(self._templates, desk.base)
        folder = Path(__file__).with_name("static")
        self._files = {name: (folder / name).read_bytes() for name in STATIC}

    def asgi(self) -> Starlette:
        """The app, to be put behind a `Guard`."""
        routes = [
            Route("/", self._start),
            Route("/done", self._done),
            Route("/reviewer", self._ask_name),
            Route("/reviewer", self._take_name, methods=["POST"]),
            Route("/photo/{sha256}", self._photo),
            Route("/photo/{sha256}/decision", self._decide, methods=["POST"]),
            Route("/photo/{sha256}/note", self._annotate, methods=["POST"]),
            Route("/photo/{sha256}/undo", self._undo, methods=["POST"]),
            Route("/picture/{sha256}/{kind}", self._picture),
            Route("/static/{name}", self._static),
        ]
        return Starlette(
            routes=[Mount(self._keys.folder, routes=routes)],
            exception_handlers=self._messages.handlers(),
        )

    async def _start(self, request: Request) -> Response:
        chosen = self._filter(request.query_params)
        first = await self._at_desk(self._desk.start, chosen)
        return self._go(chosen, "/done" if first is None else f"/photo/{first}")

    async def _done(self, request: Request) -> Response:
        chosen = self._filter(request.query_params)
        decided, total = await self._at_desk(self._desk.progress, chosen)
        return self._page("done.html", chosen, decided=decided, total=total)

    async def _ask_name(self, request: Request) -> Response:
        chosen = self._filter(request.query_params)
        photo = request.query_params.get("photo", "")
        return self._page("reviewer.html", chosen, photo=photo if SHA256.fullmatch(photo) else "")

    async def _take_name(self, request: Request) -> Response:
        form = await read_form(request, self._keys.csrf)
        self._reviewer = name_of(form.get("name", "")) or self._reviewer
        photo = form.get("photo", "")
        where = f"/photo/{photo}" if SHA256.fullmatch(photo) else "/"
        return self._go(self._filter(request.query_params), where)

    async def _photo(self, request: Request) -> Response:
        sha256, chosen = photo_of(request), self._filter(request.query_params)
        if not self._reviewer:
            return self._go(chosen, "/reviewer", photo=sha256)
        shown = found(await self._at_desk(self._desk.show, sha256, chosen))
        photo = shown.photo
        preview = "preview" in photo.pictures
        if chosen.blurred and preview:
            there = await self._with_pictures(may_be_there, photo)
            source = "preview"
        else:
            there = await self._with_pictures(self._originals.load, photo) is not None
            source = "original" if there else "preview" if preview else ""
        return self._page(
            "photo.html",
            chosen,
            shown=shown,
            source=source,
            switch=there and preview,
            hand=hand_of(request.query_params.get("hand", "")),
        )

    async def _decide(self, request: Request) -> Response:
        sha256, chosen = photo_of(request), self._filter(request.query_params)
        form = await read_form(request, self._keys.csrf)
        verdict = next((v for v in Verdict if v.value == form.get("verdict")), None)
        if verdict is None:
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        if not self._reviewer:
            return self._go(chosen, "/reviewer", photo=sha256)
        number = hand_of(form.get("hand", ""))
        photo = found(
            await self._at_desk(
                self._desk.decide,
                sha256,
                verdict,
                number - 1 if number else None,
                reviewer=self._reviewer,
                note=note_of(form.get("note", "")),
            )
        )
        if photo.decision is None and number:
            following = next(
                (i for i in findings_of(photo.result).told if photo.verdicts[i] is None), None
            )
            if following is not None:
                return self._go(chosen, f"/photo/{sha256}", hand=following + 1)
        onward = await self._at_desk(self._desk.onward, sha256, chosen)
        return self._go(chosen, "/done" if onward is None else f"/photo/{onward}")

    async def _annotate(self, request: Request) -> Response:
        sha256, chosen = photo_of(request), self._filter(request.query_params)
        note = note_of((await read_form(request, self._keys.csrf)).get("note", ""))
        if not self._reviewer:
            return self._go(chosen, "/reviewer", photo=sha256)
        await self._at_desk(self._desk.annotate, sha256, reviewer=self._reviewer, note=note)
        return self._go(chosen, f"/photo/{sha256}")

    async def _undo(self, request: Request) -> Response:
        sha256, chosen = photo_of(request), self._filter(request.query_params)
        number = (await read_form(request, self._keys.csrf)).get("decision", "")
        if not NUMBER.fullmatch(number):
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        if not self._reviewer:
            return self._go(chosen, "/reviewer", photo=sha256)
        await self._at_desk(self._desk.undo, int(number), sha256, reviewer=self._reviewer)
        return self._go(chosen, f"/photo/{sha256}")

    async def _picture(self, request: Request) -> Response:
        sha256, kind = photo_of(request), request.path_params["kind"]
        if kind in ("original", "best"):
            photo = found(await self._at_desk(self._desk.photo, sha256))
            jpeg = await self._with_pictures(self._originals.load, photo)
            if jpeg is None and kind == "best":
                # Asked for ahead of time: the page itself will say what there is.
                return Response(status_code=HTTPStatus.NO_CONTENT)
        elif _STORED.fullmatch(kind):
            jpeg = await self._at_desk(self._desk.picture, sha256, kind)
        else:
            jpeg = None
        return Response(found(jpeg), media_type="image/jpeg")

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        return Response(found(self._files.get(name)), media_type=STATIC[name])

    def _page(self, template: str, chosen: Filter, **values: object) -> Response:
        text = self._templates.render(template, chosen, reviewer=self._reviewer, **values)
        return HTMLResponse(text)

    def _filter(self, query: QueryParams) -> Filter:
        return read_filter(query, self._desk.base)

    def _go(self, chosen: Filter, where: str, **more: object) -> Response:
        query = chosen.query(self._desk.base, **more)
        return RedirectResponse(f"{self._keys.folder}{where}{query}", HTTPStatus.SEE_OTHER)

    async def _at_desk(self, work: Callable[..., T], *values: object, **named: object) -> T:
        return await _run(self._desk_thread, partial(work, *values, **named))

    async def _with_pictures(self, work: Callable[[CasePhoto], T], photo: CasePhoto) -> T:
        return await _run(self._picture_thread, partial(work, photo))


async def _run(thread: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
