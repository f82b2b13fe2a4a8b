r"""DejaVu Sans for PDF: it shows Latin, Greek, Cyrillic, Arabic, Hebrew and many more letters.

What it does not hold, such as Chinese letters, appears escaped (`\u6587`), so that a name can
still be told from another.  The licence is in `fonts/LICENSE_DEJAVU`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

REGULAR = "posecheck-regular"
BOLD = "posecheck-bold"

_FILES = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}


@lru_cache(maxsize=1)
def known_letters() -> frozenset[int]:
    """Make the fonts known to reportlab, and return the code points that both of them hold."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    held = []
    for name, file in _FILES.items():
        font = TTFont(name, str(Path(__file__).parent / "fonts" / file))
        pdfmetrics.registerFont(font)
        held.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    return frozenset.intersection(*held)


def showable(text: str) -> str:
    """The text with every letter escaped that the fonts do not hold; lines are kept."""
    known = known_letters()
    return "".join(c if c == "\n" or ord(c) in known else ascii(c)[1:-1] for c in text)
