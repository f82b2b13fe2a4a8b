"""A page as a browser takes it: elements with their attributes, and text."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser
from io import BytesIO

from posecheck.casefile.types import CasePhoto
from posecheck.export.page import export_html
from posecheck.export.types import ExportContext, PictureOf
from tests.export.made import context as made_context
from tests.export.made import some_picture

VOID = {"meta", "link", "img", "input", "br", "rect"}


class Page(HTMLParser):
    """What a browser would see.

    Attributes:
        source: The file.
        elements: Tag and attributes of every element, in order.
        text: All text outside of style and script.
        within: Text of style and script elements, by tag.
        cards: Text of every card.
    """

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.within: dict[str, str] = {}
        self.cards: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self._open.append((tag, found.get("class", "")))
        if (tag, found.get("class")) == ("li", "card"):
            self.cards.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes what is not open"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in {"style", "script"}:
            tag = self._open[-1][0]
            self.within[tag] = self.within.get(tag, "") + data
            return
        self.text += data
        if ("li", "card") in self._open:
            self.cards[-1] += data

    def attributes(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [found[name] for _, found in self.elements if name in found]

    def of_class(self, name: str) -> list[dict[str, str]]:
        """Attributes of every element of a class."""
        return [found for _, found in self.elements if name in found.get("class", "").split()]

    @property
    def policy(self) -> dict[str, str]:
        """The content security policy by directive."""
        content = next(found["content"] for _, found in self.elements if "http-equiv" in found)
        return dict(part.strip().partition(" ")[::2] for part in content.split(";"))


def page_of(
    photos: Iterable[CasePhoto],
    picture_of: PictureOf = some_picture,
    context: ExportContext | None = None,
) -> Page:
    """Export and read."""
    file = BytesIO()
    export_html(iter(photos), picture_of, file, context or made_context())
    return Page(file.getvalue().decode("utf-8"))
