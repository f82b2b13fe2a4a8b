"""Damage the text files that people hand in, and look what is said of them.

    python -m tests.reliability.text_fuzz [--rounds N] [--seed N] [--json FILE]

Contests, rule sets and settings (TOML), label files (CSV), kept results (JSON lines) and file
lists.  Every one must be read whole or refused with a `PosecheckError` that says what and what to
do about it, within a second.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecheck.errors import PosecheckError
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.saved import load_results
from posecheck.report.record import to_json, to_record
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.risk.settings import load_settings
from posecheck.scan.file_lists import read_file_list
from tests.evaluation.test_label_files import CROPS, HANDS, PHOTOS
from tests.reliability.table import Row, markdown, write_json
from tests.report import photos
from tests.risk.test_contest import GOOD

DATA = Path(__file__).resolve().parents[2] / "posecheck" / "risk" / "data"

SECONDS = 1.0
"""Of computing; an input that takes longer is a failure."""

PIECES: tuple[bytes, ...] = (
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b'"', b"'",
    b'"""', b"=", b"[", b"]", b"[[", b"{", b"}", b",", b";", b"#", b"\\u0000", b"\\ud800", b"nan",
    b"inf", b"-1", b"0", b"1e999", b"9" * 400, b"9" * 5000, b"[" * 3000, b'{"a":' * 3000,
    b"a." * 3000,
    b"0x7fffffffffffffff", b"1979-05-27T07:32:00Z", b"true", b"null", b"../../../etc/passwd",
    b"=cmd|' /C calc'!A0", "\u202e\u0000é".encode(), b" " * 5000, b"x" * 140_000, b"__class__",
    b"%s%n", b"${HOME}", b"inf = inf\n", b"[symbols]\n",
)  # fmt: skip
"""What is put in somewhere."""


def damaged(seed: bytes, rng: random.Random) -> bytes:
    """A copy with one to four faults."""
    content = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(content) + 1)
        kind = rng.randrange(7)
        if kind == 0:
            del content[at:]
        elif kind == 1 and content:
            content[at % len(content)] ^= 1 << rng.randrange(8)
        elif kind == 2:
            content[at:at] = rng.choice(PIECES)
        elif kind == 3:
            content[at : at + rng.randrange(40)] = rng.choice(PIECES)
        elif kind == 4:
            del content[at : at + rng.randrange(40)]
        elif kind == 5:
            content[at:at] = content[: rng.randrange(len(content) + 1)]
        else:
            lines = bytes(content).split(b"\n")
            rng.shuffle(lines)
            content = bytearray(b"\n".join(lines))
    return bytes(content)


@dataclass(frozen=True)
class Kind:
    """A kind of file: what good ones look like, and who reads them."""

    name: str
    ending: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]


def shipped(folder: str) -> tuple[bytes, ...]:
    """The files that ship, under ids of their own, since theirs are taken."""
    files = sorted((DATA / folder).glob("*.toml"))
    return tuple(path.read_bytes().replace(b'id = "', b'id = "x-', 1) for path in files)


def kinds() -> Sequence[Kind]:
    """Everything that people write and posecheck reads."""
    contests, rules = shipped("contests"), shipped("rules")
    settings = b'contest = "generic"\nrules = "strict"\nlang = "id"\nfail_on = "low"\n'
    results = (photos.group(), photos.clean(), photos.unchecked())
    lines = "\n".join(to_json(to_record(result)) for result in results).encode()
    labels = tuple(text.encode() for text in (CROPS, PHOTOS, CROPS.replace(",", ";")))

    def read_settings(path: Path) -> object:
        return load_settings({}, environment={}, folder=path.parent, user_folder=path / "none")

    def read_label_file(path: Path) -> object:
        return read_labels([path], need_photos=False)

    def read_hands(path: Path) -> object:
        group = path.with_name("groups.csv")
        group.write_text(PHOTOS)
        return read_labels([path, group], need_photos=False)

    return (
        Kind("contest (TOML)", "desa.toml", (GOOD.encode(), *contests), load_contest),
        Kind("rule set (TOML)", "aturan.toml", rules, load_rules),
        Kind("settings (TOML)", "posecheck.toml", (settings,), read_settings),
        Kind("labels (CSV)", "labels.csv", labels, read_label_file),
        Kind("labels of hands (CSV)", "hands.csv", (HANDS.encode(),), read_hands),
        Kind("kept results (JSON lines)", "hasil.jsonl", (lines,), load_results),
        Kind("file list", "daftar.txt", (b"/a/b.jpg\n/c d/e.jpg\n",), read_list),
    )


def read_list(path: Path) -> object:
    """A list of files, as `scan --files-from` reads it."""
    with path.open("rb") as file:
        return list(read_file_list(file))


def outcome(kind: Kind, path: Path, content: bytes) -> str:
    """What became of a file: "read", "refused", or what went wrong."""
    path.write_bytes(content)
    start = time.process_time()
    try:
        kind.read(path)
        ended = "read"
    except PosecheckError as error:
        ended = "refused" if error.message and error.remedy else f"without a remedy: {error!r}"
    except Exception as error:  # whatever it is, it is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        ended = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {error}"
    seconds = time.process_time() - start
    return ended if seconds < SECONDS else f"took {seconds:.1f} s: {ended}"


def fuzz(kind: Kind, folder: Path, rounds: int, seed: int) -> tuple[Counter[str], dict[str, bytes]]:
    """Try damaged files of one kind.

    Returns:
        How often each outcome was seen, and an input for each that is wrong.
    """
    rng = random.Random(f"{seed} {kind.name}")
    seen: Counter[str] = Counter()
    wrong: dict[str, bytes] = {}
    for good in kind.seeds:
        assert outcome(kind, folder / kind.ending, good) == "read", kind.name
    for _ in range(rounds):
        content = damaged(rng.choice(kind.seeds), rng)
        ended = outcome(kind, folder / kind.ending, content)
        seen[ended] += 1
        if ended not in ("read", "refused"):
            wrong[ended] = content
    return seen, wrong


def main() -> int:
    """Fuzz every kind and print the table."""
    parser = argparse.ArgumentParser(prog="tests.reliability.text_fuzz")
    parser.add_argument("--rounds", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    for kind in kinds():
        with tempfile.TemporaryDirectory(prefix="posecheck-") as folder:
            seen, wrong = fuzz(kind, Path(folder), options.rounds, options.seed)
        kept = seen["read"] + seen["refused"]
        measured = f"{seen['refused']} refused with a reason, {seen['read']} still valid and read"
        rows.append(Row(f"damaged {kind.name}", "read or refused", options.rounds, kept, measured))
        for ended, content in wrong.items():
            print(f"{kind.name}: {ended}\n    {content[:300]!r}", file=sys.stderr)
    title = "Text files that people hand in"
    print(markdown(title, rows))
    if options.json is not None:
        write_json(options.json, {title: rows})
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
