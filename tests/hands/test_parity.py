"""Our networks and code against the real mediapipe package, fed with the same model files."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.mediapipe_backend import DETECTION, MediapipeFinder
from posecheck.hands.palm import PalmDetector
from posecheck.hands.types import Float, Rgb
from tests.hands import single_scale

HAND_SHARE = 0.01
"""Landmarks agree within this share of the hand's size."""

METRES = 0.002
"""World landmarks agree within this."""

SAME_HAND = 0.2
"""Nearer than this many hand sizes, two hands are the same one."""


def read(path: Path) -> Rgb:
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def nearest(hand: Float, others: Float) -> tuple[int, float]:
    """Row of the nearest of `others` and its mean landmark distance in sizes of `hand`."""
    apart = np.linalg.norm(others - hand, axis=2).mean(axis=1) / np.ptp(hand, axis=0).max()
    return int(apart.argmin()), float(apart.min())


def compare(
    path: Path, finder: MediapipeFinder, detector: PalmDetector, network: LandmarkNetwork
) -> list[float]:
    """Assert that both see the same hands in a picture; returns how far apart their landmarks are.

    Distances are in sizes of the hand.
    """
    rgb = read(path)
    theirs = finder.find(rgb)
    landmarks, world, _, right = single_scale.find(detector, network, rgb, DETECTION)
    if not len(theirs):
        assert not len(landmarks), path.name
        return []
    distances = []
    for i, hand in enumerate(theirs.landmarks_xy):
        j, apart = nearest(hand, landmarks)
        assert apart < SAME_HAND, (path.name, i)
        assert right[j] == pytest.approx(theirs.handedness[i], abs=0.1), (path.name, i)
        if apart < HAND_SHARE:
            assert np.abs(world[j] - theirs.world_xyz[i]).max() < METRES, (path.name, i)
        distances.append(apart)
    for hand in landmarks:
        # It also drops one of two detections of the same hand, which the single scale keeps.
        assert nearest(hand, theirs.landmarks_xy)[1] < SAME_HAND, path.name
    return distances


def test_samples(
    mediapipe_finder: MediapipeFinder,
    sample_pictures: list[Path],
    stock_detector: PalmDetector,
    landmark_network: LandmarkNetwork,
) -> None:
    """The same hands, each within 1 % of its size."""
    distances: list[float] = []
    for path in sample_pictures:
        distances += compare(path, mediapipe_finder, stock_detector, landmark_network)
    assert len(distances) >= 5
    assert max(distances) < HAND_SHARE


def test_real_photos(
    mediapipe_finder: MediapipeFinder,
    shared_photos: Path,
    stock_detector: PalmDetector,
    landmark_network: LandmarkNetwork,
) -> None:
    """The same with photos of real hands, where there are some.

    In one of some hundred, sampling falls exactly between two of OpenCV's steps and is rounded
    the other way; where the network is unsure, that moves a landmark.
    """
    with (shared_photos / "crops.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))[::75]
    distances: list[float] = []
    for row in rows:
        path = shared_photos / "crops" / row["file"]
        distances += compare(path, mediapipe_finder, stock_detector, landmark_network)
    assert len(distances) > len(rows) / 2
    assert np.percentile(distances, 95) < HAND_SHARE / 10
    assert np.mean(np.array(distances) < HAND_SHARE) > 0.98


def test_our_second_look_agrees_that_there_is_a_hand(
    mediapipe_finder: MediapipeFinder, sample_pictures: list[Path]
) -> None:
    presence = np.concatenate([mediapipe_finder.find(read(p)).presence for p in sample_pictures])
    assert np.median(presence) > 0.9


def test_a_whole_run_is_silent_and_leaves_cleanly(
    mediapipe_finder: MediapipeFinder, sample_pictures: list[Path], repository: Path
) -> None:
    """What neither Python's streams nor its exceptions show: native noise, and the end."""
    code = (
        "import sys, numpy, PIL.Image\n"
        "from posecheck.hands.backends import make_finder\n"
        "from posecheck.hands.team import Team\n"
        "finder = make_finder('mediapipe', Team(1))\n"
        "for path in sys.argv[1:]:\n"
        "    finder.find(numpy.asarray(PIL.Image.open(path).convert('RGB')))\n"
        "print('sounddevice' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, sample_pictures)],
        capture_output=True,
        text=True,
        cwd=repository,
        env=os.environ | {"PYTHONPATH": str(repository)},
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "False", "")
