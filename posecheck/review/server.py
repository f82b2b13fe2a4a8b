"""Serving the review page to the browser of this computer, and to nobody else."""

from __future__ import annotations

import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from posecheck.casefile.case import Selection, open_case
from posecheck.errors import ReviewError
from posecheck.report.texts import DEFAULT_LANGUAGE, load

HOST = "127.0.0.1"
BACKLOG = 64
SECONDS_TO_END = 2
"""How long requests that are being answered may take when the page is ended."""

REVIEWED = Selection()


def serve(
    case_path: Path,
    *,
    reviewer: str = "",
    lang: str = DEFAULT_LANGUAGE,
    selection: Selection = REVIEWED,
    open_browser: bool = True,
    on_ready: Callable[[str], None],
    port: int = 0,
) -> None:
    """Serve the review page of a case file until Ctrl-C.

    Args:
        case_path: The case file.
        reviewer: Who decides; "" to ask on the page.
        lang: Language of the page.
        selection: Photos to review; the page can choose others.
        open_browser: Whether to open the page in the person's browser.
        on_ready: Called with the page's address once it answers.  The address holds a secret.
        port: Where to listen; 0 for any free one.

    Raises:
        CaseError: The case file cannot be opened.
        ReviewError: The port cannot be listened on.
    """
    # Here and not above: other commands start without them.
    import uvicorn

    from posecheck.review.app import ReviewApp
    from posecheck.review.desk import Desk
    from posecheck.review.guard import Guard, Keys

    say, keys = load(lang, "review"), Keys()
    with (
        open_case(case_path) as case,
        _listen(port) as listener,
        ThreadPoolExecutor(1, "desk") as desk_thread,
        ThreadPoolExecutor(1, "pictures") as picture_thread,
    ):
        number = listener.getsockname()[1]
        app = ReviewApp(
            Desk(case, selection),
            say,
            keys,
            case=case_path.name,
            reviewer=reviewer,
            desk_thread=desk_thread,
            picture_thread=picture_thread,
        )
        # uvicorn would log to stderr by itself; what goes wrong is for the caller's handlers.
        logging.getLogger("uvicorn").addHandler(logging.NullHandler())
        config = uvicorn.Config(
            Guard(app.asgi(), keys, number, say("review.locked")),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SECONDS_TO_END,
        )
        # It listens already, so whoever comes before the loop runs is only kept waiting.
        address = f"http://{HOST}:{number}/?token="
        if open_browser:
            _open(address + keys.new_once())
        on_ready(address + keys.token)
        with suppress(KeyboardInterrupt):  # the way to end it
            uvicorn.Server(config).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """A socket that listens on this computer's own address only.

    Raises:
        ReviewError: It cannot.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Elsewhere this lets another program listen on the same port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ReviewError(
            f"the page cannot be served on port {port} ({error})",
            "Leave the port out, and a free one is taken.",
        ) from error
    return listener


def _open(address: str) -> None:
    """Open an address in the person's browser, without waiting for it."""

    def open_it() -> None:
        # Where there is no browser, the address that was told is opened by hand.
        with suppress(webbrowser.Error):
            webbrowser.open(address)

    threading.Thread(target=open_it, name="browser", daemon=True).start()
