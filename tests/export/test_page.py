"""The HTML page: asks for nothing, says everything once, and takes no text for markup."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posecheck.casefile.types import CasePhoto, CaseTotals, Verdict
from posecheck.export import page
from posecheck.export.page import export_html
from posecheck.report.texts import LANGUAGES, load
from posecheck.results import Level, Status
from tests.export.made import NASTY, case_photo, context, decision, jpeg, no_picture
from tests.export.reading import page_of
from tests.report import photos as results

ALL = ("preview", "hand-0", "hand-1")


def few() -> list[CasePhoto]:
    """Photos of every level and decision, and two that could not be checked."""
    return [
        case_photo(results.group("a/apel pagi.jpg"), pictures=ALL, number=1),
        case_photo(results.heart(), decided=decision(Verdict.DIFFERENT), pictures=ALL, number=2),
        case_photo(results.doubtful(), decided=decision(Verdict.UNCLEAR), pictures=ALL, number=3),
        case_photo(results.clean(), number=4),
        case_photo(results.unchecked(Status.TOO_LARGE, "besar.jpg")),
        case_photo(results.unchecked(Status.CRASHED, "jatuh.jpg")),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_fetched(lang: str) -> None:
    found = page_of(few(), context=context(lang))
    for name in ("src", "href", "data-large"):
        assert all(value.startswith(("data:", "#")) for value in found.attributes(name))
    assert found.attributes("data-large")
    for name in ("srcset", "action", "poster", "background", "formaction", "ping"):
        assert found.attributes(name) == []
    assert "//" not in found.within["style"].replace("/*", "")
    assert not re.search(r"url\(|@import|expression", found.within["style"])
    assert not re.search(r"fetch\(|XMLHttp|import\(|WebSocket|innerHTML", found.within["script"])


def test_the_policy_allows_this_style_and_script_and_nothing_else() -> None:
    found = page_of(few())
    digests = {
        tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for tag, text in found.within.items()
    }
    assert found.policy == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'sha256-{digests['style']}'",
        "script-src": f"'sha256-{digests['script']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    # The policy comes before everything that it governs.
    tags = [tag for tag, _ in found.elements]
    assert tags[:4] == ["html", "head", "meta", "meta"]
    # Neither of these would be applied.
    assert found.attributes("style") == []
    assert [name for _, a in found.elements for name in a if name.startswith("on")] == []


def test_text_by_people_is_text() -> None:
    nasty = [*NASTY, "</script><script>alert(1)</script>.jpg", "gpj.\u202exe\u2066.jpg"]
    photos = [
        case_photo(
            None,
            name,
            *nasty,
            decided=decision(reviewer=name, note=f"{name}\n</blockquote></script>"),
            pictures=ALL,
            number=n,
        )
        for n, name in enumerate(nasty, 1)
    ]
    broken = results.unchecked()
    photos.append(case_photo(replace(broken, reason="<script>alert(2)</script>"), *nasty))
    found = page_of(photos, context=replace(context(), case="<b>case\u202e</b>.db"))
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert "alert" not in found.within["script"]
    assert "b" not in {tag for tag, _ in found.elements}
    assert "<script>alert(1)</script>.jpg" in found.text
    assert "<script>alert(2)</script>" in found.text
    assert "bad byte \\udcff.jpg" in found.text
    assert "gpj.\\u202exe\\u2066.jpg" in found.text
    assert "<b>case\\u202e</b>.db" in found.text
    assert "\U0001f600" in found.text
    assert not re.search(
        r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\ud800-\udfff]", found.source
    )


def test_a_card_says_what_is_known_of_its_photo() -> None:
    decided = decision(Verdict.RESEMBLES, "Budi S.", "Dua jari.\nLihat juga foto 2.")
    photo = case_photo(None, "a/satu.jpg", "b.zip!/dua.jpg", decided=decided, pictures=ALL)
    found = page_of([photo], context=context("en"))
    (card,) = found.cards
    for said in (
        "satu.jpg", "a/satu.jpg", "b.zip!/dua.jpg", results.SHA[:12], "20 January 2024, 09:30",
        "high 98", "resemble numbers 1 and 2", "Hand 1, top left of the photo",
        "two fingers (V sign), resembles number 2", "very sure (94%)", "on the forbidden list",
        "could also be two fingers together 4%", "fist", "Decision: resembles", "Budi S.",
        "21 November 2026, 15:15 (UTC+07:00)", "Dua jari.\nLihat juga foto 2.",
        "together resemble number 3",
    ):  # fmt: skip
        assert said in card, said
    assert results.SHA in found.attributes("title")
    (attributes,) = found.of_class("card")
    assert attributes["data-level"] == "high"
    assert attributes["data-decision"] == "resembles"
    assert attributes["data-gestures"].split() == ["peace", "thumb_up"]
    # A picture, two hands close up, and a numbered box for each of the two.
    assert len([tag for tag, _ in found.elements if tag == "img"]) == 3
    assert len(found.of_class("chip")) == 2
    assert {a["class"] for a in found.of_class("chip")} == {"chip high", "chip medium"}


def test_boxes_lie_where_the_hands_are() -> None:
    found = page_of([case_photo(results.photo(results.peace(), risk=94.0, level=Level.HIGH),
                                pictures=ALL)])  # fmt: skip
    (box,) = found.of_class("box")
    assert [box[name] for name in ("x", "y", "width", "height")] == [
        "7.5%",
        "7.5%",
        "5.0%",
        "10.0%",
    ]


def test_the_order_is_kept() -> None:
    photos = [case_photo(None, f"{n}.jpg", number=n) for n in (5, 3, 9, 1)]
    text = " ".join(page_of(photos, no_picture).cards)
    assert re.findall(r"\b\d\.jpg", text)[::2] == ["5.jpg", "3.jpg", "9.jpg", "1.jpg"]


def test_counts() -> None:
    text = " ".join(page_of(few(), context=context("en")).text.split())
    assert "Resemblance high1 Resemblance medium1 Resemblance low1" in text
    assert "No resembling gesture found1" in text
    assert "Not checked do not take them for clean2" in text
    assert "Decided before: does not resemble included in the figures for resemblance1" in text
    assert "4 photos shown: 2 candidate, 0 resembles, 1 does not resemble, 1 unclear" in text
    assert "Contest generic, rules strict, hand finder onnx, posecheck 0.2.0 (6 photos)" in text
    assert "palm_detection 0123456789ab, gesture ba9876543210" in text
    assert "may hold others" in text


def test_the_whole_case_file_is_accounted_for() -> None:
    totals = CaseTotals({Level.HIGH: 7, Level.NONE: 900}, {Status.ERROR: 2, Status.CRASHED: 3})
    told = replace(context("en"), totals=totals)
    text = " ".join(page_of(few()[:1], context=told).text.split())
    assert "high 7, medium 0, low 0; no resembling gesture found 900; not checked 5" in text
    assert "do not take them for clean 0 listed on this page5" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unchecked_photos_are_listed_with_the_reason(lang: str) -> None:
    found, say = page_of(few(), context=context(lang)), load(lang)
    assert len(found.cards) == 4
    assert not any("besar.jpg" in card for card in found.cards)
    listed = found.text[found.text.index(load(lang, "export_page")("export_page.unchecked_lead")) :]
    for name, status in (("besar.jpg", "too_large"), ("jatuh.jpg", "crashed")):
        assert name in listed
        assert say(f"unchecked.{status}") in listed
    assert "the JPEG data is cut short" in listed


def test_what_was_decided_before_is_shown_and_marked() -> None:
    cards = page_of(few(), context=context("en")).cards
    assert ["Decided before: does not resemble" in card for card in cards] == [
        False, True, False, False,
    ]  # fmt: skip


def test_a_photo_without_pictures_says_so() -> None:
    photos = [case_photo(number=1), case_photo(pictures=ALL, number=2)]

    def damaged(sha256: str, kind: str) -> bytes:
        return jpeg()[:2000] if kind == "preview" else b"no picture"

    cards = page_of(photos, damaged, context("en")).cards
    assert "No small picture of this photo is stored" in cards[0]
    assert "The small picture of this photo is damaged" in cards[1]
    assert "two fingers (V sign)" in cards[1]


def test_thumbnails_are_small_and_carry_no_metadata() -> None:
    from PIL import Image

    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (1280, 640)).save(file, "JPEG", exif=exif, comment=b"secret note")
    found = page_of([case_photo(pictures=ALL)], lambda _sha, _kind: file.getvalue())
    for uri, longest in zip(found.attributes("src"), (480, 240, 240), strict=True):
        data = base64.b64decode(uri.partition(",")[2])
        assert b"secret" not in data
        assert max(Image.open(io.BytesIO(data)).size) == longest


def test_large_pictures_are_those_of_the_riskiest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "LARGE_PICTURES", 2)
    photos = [case_photo(None, f"{n}.jpg", pictures=ALL, number=n) for n in range(1, 5)]
    opened = page_of(photos).of_class("open")
    assert ["data-large" in attributes for attributes in opened] == [True, True, False, False]


def test_photos_are_written_as_they_come_and_memory_does_not_grow() -> None:
    # A small picture in a large file, so that what piles up would be seen.
    small = jpeg(64, 48)
    padded = small[:2] + b"\xff\xfe\xff\xfe" + bytes(0xFFFC) + small[2:]
    written: list[int] = []

    class Sink(io.RawIOBase):
        total = 0

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            assert isinstance(data, bytes)
            self.total += len(data)
            return len(data)

    sink = Sink()

    one_hand = results.photo(results.peace(), risk=94.0, level=Level.HIGH)

    def many() -> Iterator[CasePhoto]:
        for n in range(1, 1001):
            written.append(sink.total)
            yield case_photo(one_hand, f"{n}.jpg", pictures=("preview", "hand-0"), number=n)
            if n % 2:
                yield case_photo(results.unchecked(path=f"rusak-{n}.jpg" * 20))

    def pictures(sha256: str, kind: str) -> bytes:
        return padded if kind == "preview" else small

    tracemalloc.start()
    try:
        export_html(many(), pictures, sink, context())  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sink.total > 80e6
    assert peak < 16e6
    assert written[500] > 0.4 * sink.total


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages(lang: str) -> None:
    found = page_of(few(), context=context(lang))
    assert dict(found.elements[0][1]) == {"lang": lang}
    assert load(lang)("advice.person") in found.text
    assert load(lang, "export_page")("export_page.personal") in found.text


def test_an_empty_page_promises_nothing() -> None:
    found = page_of([], context=context("en"))
    assert "There are no photos in this selection." in found.text
    assert "may hold others" in found.text


def test_every_text_of_the_page_is_used() -> None:
    folder = Path(page.__file__).parent
    code = "".join(
        p.read_text("utf-8") for p in [*folder.glob("page*.py"), page.TEMPLATES / "page.html"]
    )
    code += (page.TEMPLATES / "page_unchecked.html").read_text("utf-8")
    keys = load("id", "export_page").keys() - load("id").keys()
    names = {re.sub("_(one|many)$", "", key.removeprefix("export_page.")) for key in keys}
    built = {"count_", "verdict_"}
    unused = {n for n in names if f'"{n}"' not in code and not any(map(n.startswith, built))}
    assert unused == set()
