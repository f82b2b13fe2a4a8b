"""How closely our networks and code agree with the real mediapipe package.

    python benchmarks/parity.py FOLDER [--most 400]

Runs mediapipe's HandLandmarker and the same steps with our networks
(`tests/hands/single_scale.py`) on pictures of hands and prints how far apart the landmarks of the
same hand are, in percent of the hand's size.  Needs the mediapipe package (docs/backends.md).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.mediapipe_backend import DETECTION, MediapipeFinder
from posecheck.hands.palm import PalmDetector
from posecheck.models import open_session
from tests.hands import single_scale

SAME_HAND = 0.2
SUFFIXES = (".jpg", ".jpeg", ".png")


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="pictures of hands")
    parser.add_argument("--most", type=int, default=400, help="pictures taken, evenly spread")
    arguments = parser.parse_args()
    detector = PalmDetector(open_session("palm_detection"), second_look=False)
    network = LandmarkNetwork(open_session("hand_landmark"))
    finder = MediapipeFinder(network)
    pictures = sorted(p for p in arguments.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    chosen = np.linspace(0, len(pictures) - 1, min(arguments.most, len(pictures))).astype(int)

    apart, world_apart, theirs_only, ours_only, read = [], [], 0, 0, 0
    for index in np.unique(chosen):
        bgr = cv2.imdecode(np.fromfile(pictures[index], np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            print(f"not read: {pictures[index]}", file=sys.stderr)
            continue
        read += 1
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
        theirs = finder.find(rgb)
        landmarks, world, _, _ = single_scale.find(detector, network, rgb, DETECTION)
        size = np.ptp(theirs.landmarks_xy, axis=1).max(axis=1)[:, None]
        between = np.linalg.norm(theirs.landmarks_xy[:, None] - landmarks[None], axis=3)
        distance = between.mean(axis=2) / size
        theirs_only += int((distance > SAME_HAND).all(axis=1).sum())
        ours_only += int((distance > SAME_HAND).all(axis=0).sum())
        for row in np.flatnonzero((distance <= SAME_HAND).any(axis=1)):
            nearest = int(distance[row].argmin())
            apart.append(distance[row, nearest])
            world_apart.append(np.abs(world[nearest] - theirs.world_xyz[row]).max())

    print(f"{read} pictures, {len(apart)} hands found by both")
    print(f"found by mediapipe only: {theirs_only}, by our networks only: {ours_only}")
    if not apart:
        return
    names = ("median", "95th percentile", "99th percentile", "largest")
    for title, values, scale, unit in (
        ("landmarks", apart, 100, "% of hand size"),
        ("world landmarks", world_apart, 1000, "mm"),
    ):
        marks = np.percentile(values, [50, 95, 99, 100]) * scale
        found = ", ".join(f"{n} {m:.4f}" for n, m in zip(names, marks, strict=True))
        print(f"{title}, {unit}: {found}")


if __name__ == "__main__":
    main()
