"""Who may talk to the page: the one browser that was given the address, and no other page in it.

Other pages that are open in the same browser may send requests to 127.0.0.1 too, and a name on
the web may be made to point there (DNS rebinding).  So the Host header, the browser's own word
on where a request comes from, and a cookie are asked for before anything is looked up.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers send `Origin: null` with forms then, and every page can do that.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer."""

READING = frozenset({"GET", "HEAD"})


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Keys:
    """Secrets of one run of the page.

    Attributes:
        token: Opens the page, as often as wanted; for the person's own terminal.
        session: Value of the cookie that the token is exchanged for.
        csrf: Hidden field of every form.
        folder: Where the page lies.  Cookies are shared by all ports of a host but not by its
            folders, so no other local server is sent ours.
        once: Tokens that open the page one time.  The browser is started with such a one, since
            other users of a computer can read how programs were started.
    """

    token: str = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    csrf: str = field(default_factory=_secret)
    folder: str = field(default_factory=lambda: f"/{secrets.token_hex(8)}")
    once: set[str] = field(default_factory=set)

    def new_once(self) -> str:
        """A new token that opens the page one time."""
        token = _secret()
        self.once.add(token)
        return token

    def opens(self, token: str) -> bool:
        """Whether a token opens the page; one for a single time is used up."""
        for known in list(self.once):
            if same(token, known):
                self.once.discard(known)
                return True
        return same(token, self.token)


def same(given: str, known: str) -> bool:
    """Compare secrets in constant time, whatever characters were given."""
    return secrets.compare_digest(given.encode("utf-8", "replace"), known.encode())


class Guard:
    """ASGI middleware that refuses everything but our own page in the right browser."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int, refusal: str) -> None:
        """Guard an app.

        Args:
            app: What is guarded.
            keys: Secrets of this run.
            port: Where the page is served.
            refusal: What a refused person reads.
        """
        self._app = app
        self._keys = keys
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._cookie = f"posecheck-{port}"
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = self._answer(Request(scope)) or self._app
        await answer(scope, receive, send_guarded)

    def _answer(self, request: Request) -> Response | None:
        """The answer to a request that is not for the page, or None for one that is."""
        headers = request.headers
        if headers.getlist("host") != [headers.get("host")] or headers["host"] not in self._hosts:
            return self._refused()
        if request.url.path == "/":
            return self._entry(request)
        inside = request.url.path.startswith(f"{self._keys.folder}/")
        if not inside or not same(request.cookies.get(self._cookie, ""), self._keys.session):
            return self._refused()
        return None if self._is_ours(request.method, headers) else self._refused()

    def _entry(self, request: Request) -> Response:
        """Exchange the token of the address for a cookie and a clean address."""
        if request.method != "GET" or not self._keys.opens(request.query_params.get("token", "")):
            return self._refused()
        response = RedirectResponse(f"{self._keys.folder}/", HTTPStatus.SEE_OTHER)
        response.set_cookie(
            self._cookie,
            self._keys.session,
            path=f"{self._keys.folder}/",
            httponly=True,
            samesite="strict",
        )
        return response

    def _is_ours(self, method: str, headers: Headers) -> bool:
        """Whether our own page, or the person, sent a request; another page of theirs did not."""
        site = headers.get("sec-fetch-site", "")  # older browsers do not send it
        if method in READING:
            return site in ("", "same-origin", "none")
        return site in ("", "same-origin") and headers.get("origin") == f"http://{headers['host']}"

    def _refused(self) -> Response:
        return PlainTextResponse(self._refusal, HTTPStatus.FORBIDDEN)
