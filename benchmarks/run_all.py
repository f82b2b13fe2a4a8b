"""Every benchmark of speed and memory, one after the other, into one page.

    python benchmarks/run_all.py [--quick] [--only NAME ...] [--mediapipe-python VENV/bin/python]

Writes benchmarks/results.md: the machine, the versions, and what each benchmark printed.  Nothing
else should run meanwhile; everything is a ratio of things that take turns, but caches and memory
bandwidth are shared.  A benchmark is a script that prints Markdown; a new one gets a line in
`PARTS`.  It takes about 20 minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "benchmarks" / "results.md"

MEDIAPIPE = "MEDIAPIPE"
"""Stands in arguments for the Python interpreter that has mediapipe."""

PACKAGES = ("numpy", "opencv-python-headless", "pillow", "onnxruntime", "openvino")


@dataclass(frozen=True)
class Part:
    """One benchmark.

    Attributes:
        name: What `--only` calls it.
        title: Heading on the page.
        full: Its arguments.
        quick: Its arguments with --quick.
        script: Its script in benchmarks/, without the suffix, where that is not the name.
    """

    name: str
    title: str
    full: Sequence[str] = ()
    quick: Sequence[str] = ()
    script: str = ""

    def command(self, quick: bool) -> list[str]:
        """What runs it, after the name of the interpreter."""
        arguments = self.quick if quick else self.full
        return ["-m", f"benchmarks.{self.script or self.name}", *arguments]


THEIR_PYTHON = ("--mediapipe-python", MEDIAPIPE)

PARTS = (
    Part(
        "cold_start",
        "Cold start, one photo of 12 megapixels",
        (*THEIR_PYTHON, "--runs", "11"),
        (*THEIR_PYTHON, "--runs", "3"),
    ),
    Part(
        "warm",
        "Warm, one photo of one person, one thread",
        (*THEIR_PYTHON, "--runs", "15"),
        (*THEIR_PYTHON, "--runs", "3"),
    ),
    Part(
        "group_photo",
        "A group photo of 12 megapixels, every core",
        ("--runs", "15"),
        ("--runs", "3"),
    ),
    Part(
        "pipeline",
        "Where the time goes, and how near the machine's peak, one thread",
        ("--runs", "10"),
        ("--runs", "2"),
    ),
    Part("palm_network", "The palm network, one thread", ("--runs", "20"), ("--runs", "4")),
    Part("runtimes", "OpenVINO against onnxruntime, one thread", ("--runs", "12"), ("--runs", "3")),
    Part(
        "throughput",
        "Throughput of a scan with one worker and with two",
        ("--count", "32", "--turns", "4"),
        ("--count", "8", "--turns", "1"),
    ),
    Part(
        "large_photos",
        "Memory of a scan of photos of 24 megapixels",
        ("--megapixels", "24", "--counts", "3", "--jobs", "1"),
        ("--megapixels", "24", "--counts", "2", "--jobs", "1"),
        script="scan_memory",
    ),
    Part(
        "scan_memory",
        "Memory and throughput of a scan",
        ("--counts", "200", "2000", "20000"),
        ("--counts", "60"),
    ),
)


def machine() -> list[str]:
    """Lines about the machine and what is installed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [f"- {processor()}, {cores} cores, {memory()}{platform.system()} {platform.machine()}"]
    if hasattr(os, "getloadavg"):
        lines.append(f"- load when it began: {os.getloadavg()[0]:.1f}")
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return [*lines, f"- {', '.join(found)}"]


def processor() -> str:
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def memory() -> str:
    """Like "24 GB, "; nothing where the system does not tell."""
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return ""
    return f"{size / 1e9:.0f} GB, "


def run(part: Part, quick: bool, mediapipe: Path | None) -> tuple[str, bool]:
    """What a benchmark printed, or why it did not, and whether that is well."""
    arguments = part.command(quick)
    if MEDIAPIPE in arguments:
        if mediapipe is None:
            return "Not measured: it needs --mediapipe-python.", True
        # Not resolved: the interpreter of a virtual environment is a link out of it.
        arguments[arguments.index(MEDIAPIPE)] = str(mediapipe.absolute())
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return f"Failed with exit code {done.returncode}.", False
    return done.stdout.strip(), True


def page(sections: Sequence[tuple[Part, str]], about: Sequence[str], quick: bool) -> str:
    """The page in Markdown."""
    how = " --quick" if quick else ""
    lines = [
        "# Benchmarks",
        "",
        f"Written by `python benchmarks/run_all.py{how}` on {date.today().isoformat()}.",
        "Absolute times are of this machine alone; ratios are of things that took turns.",
        "",
        *about,
    ]
    for part, text in sections:
        command = " ".join(("python", *part.command(quick)))
        lines += ["", f"## {part.title}", "", f"`{command}`", "", text]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run and write."""
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs: to see that it works")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--mediapipe-python", type=Path, metavar="PATH")
    parser.add_argument("--output", type=Path, default=PAGE)
    arguments = parser.parse_args()
    about, sections, failed = machine(), [], []
    for part in PARTS:
        if part.name in arguments.only:
            started = time.perf_counter()
            text, well = run(part, arguments.quick, arguments.mediapipe_python)
            print(f"{part.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
            sections.append((part, text))
            failed += [] if well else [part.name]
    arguments.output.write_text(page(sections, about, arguments.quick), "utf-8")
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
