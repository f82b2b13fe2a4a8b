"""OpenVINO against onnxruntime: time of each network, and how far their answers differ.

    python benchmarks/runtimes.py [--runs 12] [--threads 1]

The two take turns.  Times are processor time of the process, so that neighbours disturb less;
with several threads, wall time.  Prints the median of onnxruntime, the ratio of OpenVINO to it as
the median of the turns with its middle 80 %, the time of OpenVINO's first run at that shape, and
the largest difference of any output.  Whole photos are the repository's samples.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measuring import turns
from posecheck.checker import Checker
from posecheck.hands.glance import BATCH, SIDE
from posecheck.hands.types import FEATURES
from posecheck.models import open_session
from posecheck.runtime.names import DEFAULT, OPENVINO
from posecheck.runtime.self_check import waves
from posecheck.runtime.session import Float

ROOT = Path(__file__).resolve().parents[1]
BOTH = (DEFAULT, OPENVINO)
PALM = ["boxes", "logits", "hand_logits"]
GLANCE = ["logits", "offsets"]
LANDMARKS = ["landmarks", "presence", "handedness", "world_landmarks", "features"]

Feeds = dict[str, Float]


@dataclass(frozen=True)
class Case:
    """One thing that both runtimes do.

    Attributes:
        title: What, for people.
        network: Key in the manifest.
        outputs: Which of its outputs are asked for.
        feeds: Its inputs.
    """

    title: str
    network: str
    outputs: list[str]
    feeds: Feeds


def cases() -> list[Case]:
    """The networks at the shapes that photos bring."""
    found = [
        Case(f"palms, {w}x{h}", "palm_detection", PALM, {"image": waves(1, h, w, 3)})
        for h, w in ((192, 192), (384, 384), (768, 576), (1152, 1536))
    ]
    found += [
        Case(f"glances, {n}", "glance", GLANCE, {"crops": waves(n, SIDE, SIDE, 3)})
        for n in (1, 8, BATCH)
    ]
    found += [
        Case(f"landmarks, {n}", "hand_landmark", LANDMARKS, {"crops": waves(n, 224, 224, 3)})
        for n in (1, 4, 16)
    ]
    for n in (1, 8):
        feeds = {"features": waves(n, 2, FEATURES), "shape": waves(n, 2, 92)}
        found.append(Case(f"gestures, {n}", "gesture", ["probabilities"], feeds))
    windows = {"windows": waves(16, 128, 128, 3)}
    return [*found, Case("faces, 16 windows", "face_detection", ["boxes", "logits"], windows)]


def row(title: str, seconds: np.ndarray, apart: str) -> str:
    """One line of the table."""
    known, other = seconds[:, 1:]
    low, ratio, high = np.percentile(other / known, (10, 50, 90))
    cells = (
        title,
        f"{np.median(known) * 1e3:.1f}",
        f"{ratio:.2f} ({low:.2f} to {high:.2f})",
        f"{seconds[1, 0] * 1e3:.0f}",
        apart,
    )
    return f"| {' | '.join(cells)} |"


def networks(runs: int, threads: int) -> list[str]:
    """Lines of every network."""
    clock = time.process_time if threads == 1 else time.perf_counter
    lines = []
    for case in cases():
        sessions = [open_session(case.network, threads, runtime) for runtime in BOTH]
        works = [lambda s=s, c=case: s.run(c.outputs, c.feeds) for s in sessions]
        seconds, (ours, theirs) = turns(works, runs, clock)
        pairs = zip(ours, theirs, strict=True)  # type: ignore[call-overload]
        apart = max(float(np.abs(a - b).max()) for a, b in pairs)
        lines.append(row(case.title, seconds, f"{apart:.0e}"))
    return lines


def photos(runs: int, threads: int) -> list[str]:
    """Lines of whole photos: from a decoded picture to the verdict."""
    clock = time.process_time if threads == 1 else time.perf_counter
    checkers = [Checker(threads=threads, runtime=runtime) for runtime in BOTH]
    lines = []
    for name in ("peace", "group"):
        bgr = cv2.imread(str(ROOT / "samples" / f"{name}.jpg"))
        assert bgr is not None
        rgb = np.ascontiguousarray(bgr[..., ::-1], np.uint8)
        works = [lambda c=c, p=rgb: c.check(p) for c in checkers]
        seconds, (ours, theirs) = turns(works, runs, clock)
        apart = abs(ours.risk - theirs.risk)  # type: ignore[attr-defined]
        title = f"photo {name}.jpg, {rgb.shape[1]}x{rgb.shape[0]}"
        lines.append(row(title, seconds, f"risk {apart:.1f}"))
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)
    head = ("", "onnxruntime, ms", "OpenVINO / onnxruntime", "OpenVINO's first, ms", "differ by")
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}", flush=True)
    for lines in (networks, photos):
        print("\n".join(lines(arguments.runs, arguments.threads)), flush=True)


if __name__ == "__main__":
    main()
