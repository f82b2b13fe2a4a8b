"""A task force's folder, made up: photos copied and altered, with all that such folders hold.

    python -m benchmarks.album PHOTOS... --output FOLDER [--count 2000] [--seed 0]

Draws photos from the folders that are named, alters each (cut, mirrored, brighter, smaller, stored
in another format, EXIF turned), and lays them in folders of events, some of them in a ZIP archive.
Among the files are 20 copies under other names, 10 broken files and 5 that are no photos.  Large
group photos are drawn seldom, so that a scan ends in minutes.  `--tiny` makes small pictures of
noise instead, for measurements of memory.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

DUPLICATES, BROKEN, OTHERS, IN_ARCHIVE = 20, 10, 5, 50
LARGE, LARGE_SHARE, LARGEST = 900, 0.05, 1280
"""Photos over 900 pixels are one in twenty, and made at most 1,280 pixels long."""

_TINY = 48
_FORMATS = (("jpg", "JPEG"), ("jpg", "JPEG"), ("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"))
_OTHERS = ("catatan.txt", "daftar.csv", "undangan.pdf", "video.mp4", "Thumbs.db")


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="*", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    if options.tiny:
        written = make_tiny(options.output, options.count, draw)
    else:
        written = make_album(options.photos, options.output, options.count, draw)
    print(f"{written} files in {options.output}")


def make_album(folders: Sequence[Path], output: Path, count: int, draw: random.Random) -> int:
    """Write the files; `count` of them, the archive's members counted in its place."""
    small, large = _sources(folders)
    plain = count - DUPLICATES - BROKEN - OTHERS
    names: list[Path] = []
    archived: list[tuple[str, bytes]] = []
    for n in range(plain):
        source = draw.choice(large if large and draw.random() < LARGE_SHARE else small)
        ending, content = _altered(source, draw)
        if n < IN_ARCHIVE:
            archived.append((f"hari {n % 3 + 1}/IMG_{n:05}.{ending}", content))
            continue
        path = output / f"acara {draw.randrange(40):02}" / f"IMG_{n:05}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        names.append(path)
    with zipfile.ZipFile(output / "kiriman.zip", "w") as archive:
        for name, content in archived:
            archive.writestr(name, content)
    copies = output / "salinan"
    copies.mkdir()
    for n, path in enumerate(draw.sample(names, DUPLICATES)):
        shutil.copyfile(path, copies / f"salinan {n}{path.suffix}")
    for n, path in enumerate(draw.sample(names, BROKEN)):
        content = path.read_bytes()
        cut = content[: len(content) // 2] if n % 2 else b""
        (output / f"rusak {n}.jpg").write_bytes(cut if n else b"\xff\xd8\xff" + b"\0" * 500)
    for name in _OTHERS:
        (output / name).write_bytes(b"bukan foto\n" * 20)
    return count


def make_tiny(output: Path, count: int, draw: random.Random) -> int:
    """Write `count` different small pictures of noise, a thousand a folder."""
    noise = np.random.default_rng(draw.randrange(2**32))
    for n in range(count):
        folder = output / f"{n // 1000:04}"
        folder.mkdir(parents=True, exist_ok=True)
        pixels = noise.integers(0, 255, (_TINY, _TINY, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{n:06}.jpg", quality=80)
    return count


def _sources(folders: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Photos in the folders, those of one hand and those of groups."""
    small: list[Path] = []
    large: list[Path] = []
    for path in _pictures(folders):
        with Image.open(path) as image:
            (large if max(image.size) > LARGE else small).append(path)
    return small, large


def _pictures(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("*.jpg"))


def _altered(source: Path, draw: random.Random) -> tuple[str, bytes]:
    """Ending and content of an altered copy."""
    with Image.open(source) as opened:
        image = opened.convert("RGB")
    left, top = (draw.uniform(0, 0.06) for _ in range(2))
    width, height = image.size
    image = image.crop((int(left * width), int(top * height), width, height))
    scale = min(draw.uniform(0.7, 1.0), LARGEST / max(image.size))
    image = image.resize((max(64, int(width * scale)), max(64, int(height * scale))))
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    image = ImageEnhance.Brightness(image).enhance(draw.uniform(0.8, 1.2))
    exif = Image.Exif()
    exif[0x0132] = (
        f"2024:{draw.randint(1, 12):02}:{draw.randint(1, 28):02} 09:{draw.randint(0, 59):02}:00"
    )
    if draw.random() < 0.2:
        image, exif[0x0112] = image.transpose(Image.Transpose.ROTATE_90), 6
    ending, name = draw.choice(_FORMATS)
    content = io.BytesIO()
    options = {} if name == "PNG" else {"quality": draw.randint(60, 95)}
    image.save(content, name, exif=exif, **options)
    return ending, content.getvalue()


if __name__ == "__main__":
    main()
