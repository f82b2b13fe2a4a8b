"""A coverage-guided fuzzer of the opener, with atheris (Python 3.11, an environment of its own).

    python -m venv fuzz && fuzz/bin/pip install atheris pillow pi-heif-decoder pillow-heif numpy
    fuzz/bin/python -m tests.reliability.fuzz_opener CORPUS_FOLDER -max_total_time=600

What follows the folder goes to libFuzzer.  Files that were good or nearly so are put into the
folder first.  Guided by the coverage of posecheck.opening and of Pillow's and pi_heif's Python;
decoders in C are run, and their crashes found, but their branches are not seen.

A finding is anything but a photo or a `PhotoError`: another exception, a crash, 20 seconds, 2 GB.
"""

from __future__ import annotations

import random
import sys
import warnings
from itertools import islice
from pathlib import Path

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["posecheck", "PIL", "pi_heif"]):
    import pi_heif  # noqa: F401  (before photos need them, so that they are instrumented)
    from PIL import (  # noqa: F401
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    from posecheck.errors import PhotoError
    from posecheck.opening import Limits, open_photo

LIMITS = Limits(max_bytes=1_000_000, max_pixels=4_000_000)
"""Small, so that time goes into many photos and not into large ones."""


def seed(folder: Path) -> None:
    """Put one file of each way to store a picture, and small odd ones, into an empty folder."""
    from tests.reliability import bombs, damage, odd
    from tests.reliability.pictures import good

    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        return
    rng = random.Random(1)
    files = [data for _, data in good().values()]
    for make in (bombs.cyclic, bombs.absurd, odd.deep, odd.shapes):
        files += [data for _, data in make(rng)]
    files += [data for _, data in islice(damage.metadata(rng), 90)]
    for number, data in enumerate(data for data in files if len(data) < 20_000):
        (folder / f"{number:04d}").write_bytes(data)


def one(data: bytes) -> None:
    """Open one input."""
    try:
        photo = open_photo(data, LIMITS)
    except PhotoError as error:
        assert error.message and error.remedy
        return
    assert photo.rgb.ndim == 3 and photo.rgb.size and not photo.rgb.flags.writeable


def main() -> None:
    """Fuzz until libFuzzer ends."""
    folder = Path(sys.argv[1])
    seed(folder)
    warnings.simplefilter("ignore")
    usual = ["-timeout=20", "-rss_limit_mb=2000", "-max_len=20000", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *usual, *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
