from __future__ import annotations

import numpy as np

from posecheck.hands.palm import Answers, PalmDetector, anchor_centres
from posecheck.hands.promise import CELL, described, promise, weights
from posecheck.hands.scales import PyramidSettings

HEIGHT, WIDTH = 128, 192


def answers_of(values: np.ndarray) -> Answers:
    """Answers that all say `values` (A,) of each anchor."""
    widths = (18, 1, 1)
    outputs = [np.repeat(values[:, None], width, axis=1).astype(np.float32) for width in widths]
    return Answers(outputs, HEIGHT, WIDTH)


def test_a_cell_is_described_by_its_own_anchors() -> None:
    for axis in (0, 1):
        centres = anchor_centres(HEIGHT, WIDTH)[:, axis]
        cells = np.moveaxis(described(answers_of(centres)), axis, 0)
        where = (np.arange(cells.shape[1]) + 0.5) * CELL
        np.testing.assert_allclose(cells, np.broadcast_to(where[None, :, None], cells.shape))


def test_there_is_a_weight_for_each_number() -> None:
    weight, bias = weights()
    answers = answers_of(np.zeros(len(anchor_centres(HEIGHT, WIDTH))))
    assert described(answers).shape == (HEIGHT // CELL, WIDTH // CELL, len(weight))
    np.testing.assert_allclose(promise(answers), bias, rtol=1e-6)
    assert np.abs(weight).max() < 10


def test_an_empty_picture_promises_nothing(palm_detector: PalmDetector) -> None:
    _, answers = palm_detector.look(np.full((HEIGHT, WIDTH, 3), 200, np.uint8), 0.05)
    assert (promise(answers) >= PyramidSettings().hope).mean() < 0.2
