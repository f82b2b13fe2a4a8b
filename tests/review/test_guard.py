"""Nobody but the browser that was given the address, and no other page in it, is let in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.review.guard import Keys
from tests.review.made import BASE, PORT, Kept, Site, a_case, a_site, where


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, list[Kept]]:
    return a_case(tmp_path)


@pytest.fixture
def site(kept: tuple[Path, list[Kept]]) -> Iterator[Site]:
    with a_site(kept[0]) as site:
        yield site


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(site: Site) -> None:
    answer = site.send("GET", f"/?token={site.keys.token}")
    assert where(answer) == "/"
    assert site.keys.token not in answer.headers["location"]
    cookie = answer.headers["set-cookie"]
    assert site.keys.token not in cookie
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "samesite=strict", f"path={site.keys.folder}/"}


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "%00", "ä"])
def test_a_wrong_token_opens_nothing(site: Site, token: str) -> None:
    answer = site.send("GET", f"/?token={token}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_token_that_starts_the_browser_works_once(site: Site) -> None:
    once = site.keys.new_once()
    assert site.send("GET", f"/?token={once}").status_code == 303
    assert site.send("GET", f"/?token={once}").status_code == 403
    assert site.send("GET", f"/?token={site.keys.token}").status_code == 303


@given(st.text(max_size=60))
def test_only_the_token_opens(text: str) -> None:
    keys = Keys()
    assert keys.opens(text) == (text == keys.token)


def test_without_the_cookie_nothing_is_told(kept: tuple[Path, list[Kept]]) -> None:
    with a_site(kept[0]) as site:
        site._client.cookies.clear()
        sha256 = kept[1][0].sha256
        for path in (
            "/", f"/photo/{sha256}", f"/picture/{sha256}/original", f"/picture/{sha256}/preview",
            "/static/review.css", "/done", "/reviewer", "/nothing",
        ):  # fmt: skip
            answer = site.get(path)
            assert answer.status_code == 403
            assert "posecheck review" in answer.text
            assert sha256 not in answer.text
        assert site.get("/", Cookie=f"posecheck-{PORT}=x").status_code == 403
        assert site.post(f"/photo/{sha256}/decision", verdict="unclear").status_code == 403
        assert site.case.decisions(sha256) == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1.evil.example:{PORT}", f"[::1]:{PORT}", f"0.0.0.0:{PORT}",
        f"localhost.:{PORT}", "",
    ],
)  # fmt: skip
def test_a_name_that_was_made_to_point_here_is_refused(site: Site, host: str) -> None:
    assert site.get("/done", Host=host).status_code == 403
    assert site.send("GET", f"/?token={site.keys.token}", Host=host).status_code == 403


def test_both_names_of_this_computer_are_served(site: Site) -> None:
    assert site.get("/done", Host=f"127.0.0.1:{PORT}").status_code == 200
    # A browser has a cookie of its own for each name, so this one is handed on here.
    cookie = f"posecheck-{PORT}={site.keys.session}"
    assert site.get("/done", Host=f"localhost:{PORT}", Cookie=cookie).status_code == 200


@pytest.mark.parametrize("site_header", ["cross-site", "same-site", "nonsense"])
def test_other_pages_in_the_browser_see_nothing(site: Site, site_header: str) -> None:
    assert site.get("/done", Sec_Fetch_Site=site_header).status_code == 403
    assert site.get("/static/review.css", Sec_Fetch_Site=site_header).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": f"http://localhost:{PORT}"},
        {"Origin": BASE, "Sec_Fetch_Site": "cross-site"},
        {"Origin": BASE, "Sec_Fetch_Site": "same-site"},
        {"Origin": BASE, "Sec_Fetch_Site": "none"},
    ],
)
def test_no_other_page_can_decide(kept: tuple[Path, list[Kept]], headers: dict[str, str]) -> None:
    sha256 = kept[1][0].sha256
    with a_site(kept[0]) as site:
        form = {"csrf": site.keys.csrf, "verdict": "resembles"}
        path = f"{site.keys.folder}/photo/{sha256}/decision"
        assert site.send("POST", path, form, **headers).status_code == 403
        assert site.case.decisions(sha256) == []


@pytest.mark.parametrize("csrf", [None, "", "x", "ä"])
@pytest.mark.parametrize("what", ["decision", "note", "undo"])
def test_a_form_without_the_secret_does_nothing(
    kept: tuple[Path, list[Kept]], csrf: str | None, what: str
) -> None:
    sha256 = kept[1][0].sha256
    with a_site(kept[0]) as site:
        form = {"verdict": "resembles", "note": "x", "decision": "1"}
        form |= {} if csrf is None else {"csrf": csrf}
        path = f"{site.keys.folder}/photo/{sha256}/{what}"
        assert site.send("POST", path, form, Origin=BASE).status_code == 403
        assert site.case.decisions(sha256) == []


def test_every_answer_has_the_headers(kept: tuple[Path, list[Kept]]) -> None:
    sha256 = kept[1][0].sha256
    with a_site(kept[0]) as site:
        answers = [
            site.get("/"), site.get(f"/photo/{sha256}"), site.get(f"/picture/{sha256}/original"),
            site.get("/static/review.js"), site.get("/nothing"), site.get("/done", Host="evil"),
            site.send("GET", "/"), site.send("OPTIONS", f"{site.keys.folder}/done", Origin=BASE),
            site.post("/done"), site.post(f"/photo/{sha256}/decision"),
        ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_preflight_request_is_not_answered(site: Site) -> None:
    answer = site.send(
        "OPTIONS",
        f"{site.keys.folder}/reviewer",
        Origin="http://evil.example",
        Access_Control_Request_Method="POST",
    )
    assert answer.status_code == 403
