"""The benchmark of the palm network sees what it is there to see."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.multiply_adds import MULTIPLY_ADDS, PLAIN, SHIPPED
from benchmarks.palm_network import Row, compare, load, table
from posecheck.hands.types import Float
from posecheck.models import manifest


class Answers:
    """A network that says one number everywhere."""

    def __init__(self, number: float) -> None:
        self.number = number

    def run(self, names: list[str], feeds: dict[str, Float], /) -> list[Float]:
        (picture,) = feeds.values()
        assert picture.dtype == np.float32
        assert 0 <= picture.min() < picture.max() <= 1
        return [np.full(3, self.number * (10 if n == "boxes" else 1), np.float32) for n in names]


def test_a_difference_between_the_networks_is_seen(repository: Path) -> None:
    pictures = load([repository / "samples" / "group.jpg"], 64, 128)
    assert [picture.shape for picture in pictures] == [(1, 64, 128, 3)]
    seconds, logits, pixels = compare(Answers(1), Answers(1.5), pictures, 3)
    assert seconds.shape == (2, 3)
    assert (seconds > 0).all()
    assert (logits, pixels) == (0.5, 5)


def test_the_table_says_how_much_faster_and_how_near_the_peak() -> None:
    pixels = 100 * 200
    seconds = np.array([[4.0, 4, 2], [2, 2, 1.2]]) * pixels * 1e-9
    peak = MULTIPLY_ADDS[SHIPPED] / 4 * 1e9
    last = table([Row(100, 200, seconds, 1e-5, 2e-4)], peak).splitlines()[-1]
    assert last.startswith("| 200x100 | 4 | 2 | 0.50 (0.50 to 0.58) |")
    assert last.endswith("| 200% | 1.0e-05 | 2.0e-04 px |")


def test_it_compares_networks_that_ship() -> None:
    assert {PLAIN, SHIPPED} <= set(manifest())
