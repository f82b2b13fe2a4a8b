"""What is answered where something went wrong: the reason, and whether anything was kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from posecheck.casefile.case import Selection
from posecheck.errors import PosecheckError
from posecheck.report.plain import visible
from posecheck.review.filters import read_filter
from posecheck.review.templates import Templates

logger = logging.getLogger(__name__)


class Messages:
    """Answers to requests that failed."""

    def __init__(self, templates: Templates, base: Selection) -> None:
        """Take the pages, and the photos that are reviewed where an address says nothing else."""
        self._templates = templates
        self._base = base

    def handlers(self) -> Mapping[Any, Callable[..., Any]]:
        """For each kind of exception what answers it."""
        return {
            HTTPException: self._refuse,
            PosecheckError: self._tell,
            Exception: self._fail,
        }

    async def _refuse(self, request: Request, error: HTTPException) -> Response:
        kind = "not_found" if error.status_code == HTTPStatus.NOT_FOUND else "refused"
        return self._message(request, kind, error.status_code)

    async def _tell(self, request: Request, error: PosecheckError) -> Response:
        logger.warning("review: %s", error.message)
        return self._failed(request, error.words)

    async def _fail(self, request: Request, error: Exception) -> Response:
        logger.error("review: a request failed", exc_info=error)
        return self._failed(request, f"{type(error).__name__}: {error}")

    def _failed(self, request: Request, words: str) -> Response:
        kind = "not_kept" if request.method == "POST" else "failed"
        return self._message(request, kind, HTTPStatus.INTERNAL_SERVER_ERROR, words)

    def _message(self, request: Request, kind: str, status: int, words: str = "") -> Response:
        chosen = read_filter(request.query_params, self._base)
        text = self._templates.render(
            "message.html", chosen, reviewer="", kind=kind, words=visible(words)
        )
        return HTMLResponse(text, int(status))
