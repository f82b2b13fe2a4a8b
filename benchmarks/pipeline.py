"""Where the time of a check goes, how near the machine's peak, and what windows save.

    python benchmarks/pipeline.py [PHOTO ...] [--runs 10]

Each photo is checked as the product does, and with every scale searched whole, in turns, one
thread each.  Prints of each stage the median processor time, its share, how much of it the
network takes, the network's arithmetic, and the fraction of the machine's peak that this makes of
the stage.  The peak is one large matrix product; for decoding it is Pillow's decoding of the same
JPEG and nothing else, in the same turns.  Without PHOTO a sample of one person and a group photo
of 12 megapixels are checked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.group_photo import decode
from benchmarks.measuring import spread, table
from benchmarks.multiply_adds import MULTIPLY_ADDS, units
from benchmarks.palm_network import peak
from benchmarks.pictures import ONE_PERSON, SAMPLES, group_photo
from posecheck.gesture.classifier import GestureClassifier
from posecheck.gesture.reader import GestureReader
from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.palm import PalmDetector
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.pyramid import PyramidFinder
from posecheck.hands.scales import PyramidSettings
from posecheck.models import manifest, open_session
from posecheck.opening import open_photo
from posecheck.risk.assess import assess
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.runtime.names import DEFAULT, RUNTIMES, network
from posecheck.runtime.session import Float, Session

WAYS = {"windows": PyramidSettings(), "whole": PyramidSettings(in_windows=0)}

NETWORKS = {
    "palm pyramid": "palm_detection",
    "glance": "glance",
    "landmarks": "hand_landmark",
    "gesture": "gesture",
}
"""Of each stage that has one."""

DECODE, REST = "decode", "rest"
STAGES = (DECODE, *NETWORKS, REST)

_Work = TypeVar("_Work", bound=Callable[..., object])


@dataclass
class Taken:
    """What one check took, by stage.

    Attributes:
        seconds: Processor seconds.
        network: Those of them inside the stage's network.
        multiply_adds: Of the stage's network.
        plain: Processor seconds of decoding the file and nothing else, measured beside it.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    network: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    multiply_adds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    plain: float = 0.0

    def timed(self, stage: str, work: _Work) -> _Work:
        """`work`, with its time counted for a stage."""

        def run(*args: object, **options: object) -> object:
            started = time.process_time()
            try:
                return work(*args, **options)
            finally:
                self.seconds[stage] += time.process_time() - started

        return cast("_Work", run)

    @property
    def all(self) -> float:
        """Processor seconds of the whole check."""
        return sum(self.seconds.values())


class Counted:
    """A network whose work is counted in `taken`.

    Args:
        session: The network.
        name: Key in the manifest.
        stage: What it is counted for.
    """

    def __init__(self, session: Session, name: str, stage: str) -> None:
        self._session, self._name, self._stage = session, name, stage
        self.taken = Taken()

    def run(self, names: list[str], feeds: dict[str, Float], /) -> list[Float]:
        """See `Session.run`."""
        started = time.process_time()
        answers = self._session.run(names, feeds)
        self.taken.network[self._stage] += time.process_time() - started
        times = units(self._name, next(iter(feeds.values())).shape)
        self.taken.multiply_adds[self._stage] += times * MULTIPLY_ADDS[self._name]
        return answers


class Pipeline:
    """What a check is made of, each on one thread.

    Args:
        runtime: What runs the networks.
    """

    def __init__(self, runtime: str = DEFAULT) -> None:
        sessions = {
            stage: Counted(open_session(name, 1, runtime), network(name, runtime), stage)
            for stage, name in NETWORKS.items()
        }
        self._sessions = tuple(sessions.values())
        palm, glance, landmarks, gesture = self._sessions
        self._search = PalmSearch(PalmDetector(palm))
        self._glance = GlanceNetwork(glance)
        self._landmarks = LandmarkNetwork(landmarks)
        prior = manifest()["gesture"].entry["prior"]
        self._reader = GestureReader(GestureClassifier(gesture, prior))
        self._judging = load_contest(), load_rules()

    def check(self, path: Path, settings: PyramidSettings) -> Taken:
        """Check one photo, stage by stage."""
        taken = Taken()
        for session in self._sessions:
            session.taken = taken
        content = path.read_bytes()
        started = time.process_time()
        decode(content)
        taken.plain = time.process_time() - started
        finder = PyramidFinder(
            taken.timed("palm pyramid", self._search),
            taken.timed("glance", self._glance),
            taken.timed("landmarks", self._landmarks),
            settings,
        )
        started = time.process_time()
        rgb = taken.timed(DECODE, open_photo)(path).rgb
        hands = finder.find(rgb)
        reading = taken.timed("gesture", self._reader.read)(hands, max(rgb.shape[:2]), rgb)
        assess(reading.hands.boxes_xyxy, reading.probabilities, *self._judging, reading.legible)
        taken.seconds[REST] = time.process_time() - started - taken.all
        return taken


def rows(runs: Sequence[Taken], whole: Sequence[Taken], peak_rate: float) -> list[list[str]]:
    """Lines of the table.

    Args:
        runs: Checks as the product does them.
        whole: Checks that searched every scale whole, in the same turns.
        peak_rate: Multiply-adds a second of the machine on one thread.
    """

    def line(
        stage: str, time_of: Callable[[Taken], float], network: float, work: float, yardstick: str
    ) -> list[str]:
        mine, other = (np.array([time_of(run) for run in side]) for side in (runs, whole))
        everything = np.array([run.all for run in runs])
        return [
            stage,
            spread(mine * 1e3, 0 if np.median(mine) > 0.1 else 1),
            f"{np.median(mine / everything):.0%}",
            f"{network * 1e3:.1f}" if work else "",
            f"{2 * work / 1e9:.2f}" if work else "",
            f"{work / np.median(mine) / peak_rate:.0%}" if work else yardstick,
            f"{np.median(other) * 1e3:.0f}",
            spread(mine / other) if other.all() else "",  # not every photo has every stage
        ]

    def of(stage: str) -> Callable[[Taken], float]:
        return lambda run: run.seconds.get(stage, 0.0)

    def networks(run: Taken) -> float:
        return sum(run.network.values())

    work = runs[-1].multiply_adds
    plain = np.median([run.plain / run.seconds[DECODE] for run in runs])
    found = []
    for stage in STAGES:
        inside = float(np.median([run.network.get(stage, 0.0) for run in runs]))
        reached = f"{plain:.0%}" if stage == DECODE else ""
        found.append(line(stage, of(stage), inside, work.get(stage, 0), reached))
    inside = float(np.median([networks(run) for run in runs]))
    return [*found, line("all", lambda run: run.all, inside, sum(work.values()), "")]


HEAD = (
    "stage",
    "ms",
    "share",
    "its network, ms",
    "GFLOP",
    "of peak",
    "searched whole, ms",
    "ratio",
)


def measure(path: Path, pipeline: Pipeline, runs: int, peak_rate: float) -> str:
    """Check a photo both ways in turns; a table and a line on the photo."""
    taken: dict[str, list[Taken]] = {way: [] for way in WAYS}
    for turn in range(runs + 1):
        for way, settings in WAYS.items():
            found = pipeline.check(path, settings)
            if turn:  # the first one warms up
                taken[way].append(found)
    width, height = decode(path.read_bytes())
    plain = float(np.median([run.plain for run in taken["windows"]]))
    return (
        f"{path.name}, {width}x{height}; Pillow alone decodes it in {plain * 1e3:.0f} ms, "
        f"{width * height / 1e6 / plain:.0f} megapixels a second:\n\n"
        f"{table(HEAD, rows(taken['windows'], taken['whole'], peak_rate))}\n"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, nargs="*")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--runtime", choices=RUNTIMES[:2], default=DEFAULT)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    pipeline = Pipeline(arguments.runtime)
    rate = peak()
    with tempfile.TemporaryDirectory() as name:
        photos = arguments.photos or [SAMPLES / f"{ONE_PERSON}.jpg", group_photo(Path(name))]
        for path in photos:
            print(measure(path, pipeline, arguments.runs, rate), flush=True)
    print(
        f"Peak: {2 * rate / 1e9:.0f} GFLOP/s, one 1024x1024 matrix product on one thread; of "
        f"decoding, Pillow's alone.  {arguments.runtime}, {arguments.runs} turns."
    )


if __name__ == "__main__":
    main()
