"""The palm network as it ships against its plain conversion: time, and how far answers differ.

    python benchmarks/palm_network.py [--runs 12] [--photos FOLDER]

Both run in onnxruntime on one thread and take turns.  Prints, for every size, the median time a
pixel, the median of the pairs' ratios with its middle 80 %, the fraction of the machine's peak,
and the largest difference between the answers to real pictures: in the logits, and in the boxes
in pixels.  Times are processor time of the thread, so that neighbours disturb less.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.multiply_adds import MULTIPLY_ADDS, PLAIN, SHIPPED
from posecheck.hands.types import Float
from posecheck.models import open_session
from posecheck.runtime.session import Session

OUTPUTS = ["boxes", "logits", "hand_logits"]

SIZES = ((192, 192), (256, 256), (384, 384), (576, 768), (1152, 1536))
"""(height, width) of the pictures."""

LEAST_PIXELS = 2e5
"""One measurement covers at least so many: small pictures are run several times in a row."""

SAMPLES = Path(__file__).resolve().parents[1] / "samples"

GEMM = """
import time
import numpy as np
a = np.random.default_rng(0).random((1024, 1024), np.float32)
b, c, seconds = a.T.copy(), a.copy(), []
for _ in range(25):
    started = time.thread_time()
    np.matmul(a, b, out=c)
    seconds.append(time.thread_time() - started)
print(1024**3 / np.median(seconds))
"""

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
"""For whatever library NumPy multiplies with."""


@dataclass(frozen=True)
class Row:
    """What was found at one size.

    Attributes:
        height: Of the picture, pixels.
        width: The same.
        seconds: Processor seconds (2, N) of a picture: plain, shipped.
        logits: Largest difference of a logit.
        pixels: Largest difference of a number of a box.
    """

    height: int
    width: int
    seconds: np.ndarray
    logits: float
    pixels: float

    @property
    def ratio(self) -> tuple[float, float, float]:
        """Shipped over plain: median, 10th and 90th percentile of the pairs."""
        ratios = self.seconds[1] / self.seconds[0]
        low, median, high = np.percentile(ratios, (10, 50, 90))
        return float(median), float(low), float(high)

    @property
    def nanoseconds(self) -> tuple[float, float]:
        """Medians a pixel: plain, shipped."""
        plain, shipped = np.median(self.seconds, axis=1) / (self.height * self.width) * 1e9
        return float(plain), float(shipped)


def peak() -> float:
    """Multiply-adds a second of one large matrix product on one thread, NumPy's."""
    environment = os.environ | ONE_THREAD
    done = subprocess.run(
        [sys.executable, "-c", GEMM], env=environment, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def load(paths: Sequence[Path], height: int, width: int) -> list[Float]:
    """Pictures squeezed into a size, float32 (1, height, width, 3), 0 to 1."""
    pictures = []
    for path in paths:
        bgr = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if bgr is not None:
            rgb = cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA)[None, ..., ::-1]
            pictures.append(np.asarray(rgb / np.float32(255), np.float32, order="C"))
    return pictures


def compare(
    plain: Session, shipped: Session, pictures: Sequence[Float], runs: int
) -> tuple[np.ndarray, float, float]:
    """Time both on the first picture, and see how far they differ on all.

    Returns:
        Processor seconds (2, runs), largest difference of logits, and of boxes in pixels.
    """
    apart = np.zeros(len(OUTPUTS))
    for picture in pictures:
        answers = [s.run(OUTPUTS, {"image": picture}) for s in (plain, shipped)]
        apart = np.maximum(apart, [np.abs(a - b).max() for a, b in zip(*answers, strict=True)])
    first = pictures[0]
    times = int(np.ceil(LEAST_PIXELS / first[0, ..., 0].size))
    seconds = np.zeros((2, runs))
    for run in range(runs):
        for which, session in enumerate((plain, shipped)):
            started = time.thread_time()
            for _ in range(times):
                session.run(OUTPUTS, {"image": first})
            seconds[which, run] = (time.thread_time() - started) / times
    return seconds, float(apart[1:].max()), float(apart[0])


def measure(paths: Sequence[Path], runs: int) -> list[Row]:
    """Compare at every size."""
    plain, shipped = (open_session(name, 1) for name in (PLAIN, SHIPPED))
    return [
        Row(height, width, *compare(plain, shipped, load(paths, height, width), runs))
        for height, width in SIZES
    ]


def table(rows: Sequence[Row], peak_rate: float) -> str:
    """The rows in Markdown."""
    lines = [
        "| picture | plain, ns/px | shipped, ns/px | ratio (80 % of pairs) | of peak, plain "
        "| of peak, shipped | logits differ by | boxes differ by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio, low, high = row.ratio
        before, after = row.nanoseconds
        reached = (
            f"{MULTIPLY_ADDS[name] / nanoseconds * 1e9 / peak_rate:.0%}"
            for name, nanoseconds in ((PLAIN, before), (SHIPPED, after))
        )
        cells = (
            f"{row.width}x{row.height}",
            f"{before:.0f}",
            f"{after:.0f}",
            f"{ratio:.2f} ({low:.2f} to {high:.2f})",
            *reached,
            f"{row.logits:.1e}",
            f"{row.pixels:.1e} px",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=12, help="pairs of measurements at each size")
    parser.add_argument("--photos", type=Path, default=SAMPLES, help="JPEG pictures with people")
    parser.add_argument("--most", type=int, default=10, help="pictures compared at each size")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    paths = sorted(arguments.photos.glob("*.jpg"))
    chosen = np.unique(np.linspace(0, len(paths) - 1, arguments.most).astype(int))
    if not paths:
        raise SystemExit(f"no .jpg in {arguments.photos}")
    rate = peak()
    print(table(measure([paths[i] for i in chosen], arguments.runs), rate))
    print(f"\nPeak: {2 * rate / 1e9:.0f} GFLOP/s, one 1024x1024 matrix product on one thread.")


if __name__ == "__main__":
    main()
