"""Whether a runtime gives the right numbers on this machine, and how fast it is.

The networks that read a photo look at made-up pictures, and a few of their numbers are held
against those that were stored when the models were made.  A runtime that has the wrong idea of an
operator, or that computes more coarsely than it was told to, is far off.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from posecheck.errors import ModelError
from posecheck.hands.glance import SIDE as GLANCE_SIDE
from posecheck.hands.types import FEATURES
from posecheck.models import REMEDY, open_session
from posecheck.runtime.names import DEFAULT
from posecheck.runtime.session import Float

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

STORED = "self_check.json"
"""Numbers of `probe`, by network and output.  `python -m posecheck.runtime.self_check` writes them
anew, after a network was changed; a test says when that is due."""

TOLERANCE = 1e-3
"""Largest difference from a stored number, relative to the largest of its output, or to 1 where
that is smaller.  Runtimes in single precision differ by 1e-5; in bfloat16 by more than 1e-2."""

KEPT = 12
"""Numbers that are stored of each output, evenly spread."""

SIDES = ((192, 256), (128, 192))
"""Pictures that the palm network is asked about: of two shapes, since photos have many."""

TIMED_SIDE, TIMED_CROPS, TIMES = 512, 4, 2
"""What is timed: a square picture, a few crops, and how often; the fastest counts."""


@dataclass(frozen=True)
class Networks:
    """The networks that read a photo, loaded into one runtime."""

    palm: Session
    glance: Session
    landmarks: Session
    gesture: Session

    @classmethod
    def load(cls, runtime: str) -> Networks:
        """Load them, one thread each; raises what `open_session` raises."""
        names = ("palm_detection", "glance", "hand_landmark", "gesture")
        return cls(*(open_session(name, 1, runtime) for name in names))


def waves(*shape: int) -> Float:
    """A picture of nothing: float32 of that shape, 0 to 1, the same on every machine."""
    axes = np.indices(shape, sparse=True)
    phase = sum(axis * (0.37 + 0.61 * place) for place, axis in enumerate(axes))
    slow = np.sin(np.asarray(phase) * 0.05)
    return np.asarray(0.5 + 0.3 * slow + 0.2 * np.sin(np.asarray(phase) * 1.7), np.float32)


def probe(networks: Networks) -> dict[str, list[float]]:
    """Numbers of every output: a few values of each, by "network.output"."""
    asked: list[tuple[str, Session, list[str], dict[str, Float]]] = [
        (f"palm{height}", networks.palm, ["boxes", "logits", "hand_logits"], {"image": picture})
        for height, picture in ((side[0], waves(1, *side, 3)) for side in SIDES)
    ]
    crops = {"crops": waves(3, GLANCE_SIDE, GLANCE_SIDE, 3)}
    asked.append(("glance", networks.glance, ["logits", "offsets"], crops))
    outputs = ["landmarks", "presence", "handedness", "world_landmarks", "features"]
    asked.append(("landmarks", networks.landmarks, outputs, {"crops": waves(2, 224, 224, 3)}))
    hands = {"features": waves(2, 2, FEATURES), "shape": waves(2, 2, 92)}
    asked.append(("gesture", networks.gesture, ["probabilities"], hands))
    found = {}
    for label, session, names, feeds in asked:
        for name, output in zip(names, session.run(names, feeds), strict=True):
            flat = output.ravel()
            places = np.linspace(0, flat.size - 1, KEPT).astype(int)
            found[f"{label}.{name}"] = [float(number) for number in flat[places]]
    return found


@lru_cache(maxsize=1)
def stored() -> dict[str, list[float]]:
    """The numbers that `probe` has to give.

    Raises:
        ModelError: They are missing or damaged.
    """
    try:
        text = files("posecheck.runtime").joinpath(STORED).read_text("utf-8")
        numbers: dict[str, list[float]] = json.loads(text)
    except (OSError, ValueError) as error:
        raise ModelError(f"The runtimes' stored answers cannot be read: {error}", REMEDY) from error
    return numbers


def distance(found: dict[str, list[float]], wanted: dict[str, list[float]]) -> float:
    """Largest relative difference of two probes, see `TOLERANCE`; infinite if one is no number."""
    if found.keys() != wanted.keys():
        return float("inf")
    worst = 0.0
    for name, numbers in wanted.items():
        known = np.array(numbers)
        apart = np.abs(np.array(found[name]) - known).max() / max(1.0, np.abs(known).max())
        worst = max(worst, float(apart) if np.isfinite(apart) else float("inf"))
    return worst


def right(networks: Networks) -> bool:
    """Whether a runtime gives the stored numbers."""
    return distance(probe(networks), stored()) <= TOLERANCE


def seconds(networks: Networks) -> float:
    """Seconds of a short run: the palm network on one picture, the landmark network on crops."""
    picture, crops = waves(1, TIMED_SIDE, TIMED_SIDE, 3), waves(TIMED_CROPS, 224, 224, 3)
    fastest = float("inf")
    for _ in range(TIMES + 1):  # the first also prepares for these shapes
        started = time.perf_counter()
        networks.palm.run(["boxes", "logits", "hand_logits"], {"image": picture})
        networks.landmarks.run(["landmarks", "presence"], {"crops": crops})
        fastest = min(fastest, time.perf_counter() - started)
    return fastest


def main() -> None:
    """Store the default runtime's numbers beside this file."""
    from pathlib import Path

    numbers = probe(Networks.load(DEFAULT))
    rows = ",\n".join(
        f'  "{name}": [{", ".join(f"{number:.6g}" for number in values)}]'
        for name, values in numbers.items()
    )
    Path(__file__).with_name(STORED).write_text(f"{{\n{rows}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
