"""Run the tests of the whole command line where the system lets nobody use a network.

    python -m tests.reliability.no_network [--json FILE] [TEST...]

Prints a table.  Everything but the pages runs with no socket at all: the kernel ends whatever
process makes one, native code and workers included.  What cannot do without 127.0.0.1 (the review
page, and the browser that looks at pages) runs in a network namespace that has nothing else, and
what tries to get out of there is counted (a browser does so by itself).  `bans.py` has the bans.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from tests.reliability.table import Row, markdown, write_json

ROOT = Path(__file__).resolve().parents[2]

SERVER = "tests/review"
BROWSERS = (
    "tests/review/test_browser.py", "tests/export/test_page_browser.py",
    "tests/export/test_poster.py",
)  # fmt: skip
"""Tests that look at pages in a browser, which has a network's habits of its own."""

WITHOUT_SOCKETS = (
    "tests/cli", "tests/scan", "tests/export", "tests/casefile", "tests/opening", "tests/hands",
    "tests/faces", "tests/gesture", "tests/risk", "tests/report", "tests/evaluation",
    "tests/test_checker.py", "tests/test_models.py",
)  # fmt: skip

TITLE = "No network: the tests of the whole command line under a ban of the system"


def without_sockets(tests: Sequence[str]) -> Row:
    """Run tests where the kernel ends a process at its first socket."""
    outcome = _pytest("sockets", tests, BROWSERS)
    promised = "no process makes a socket other than AF_UNIX, or the kernel ends it"
    return outcome.row(f"seccomp: {', '.join(tests)}", promised)


def serving() -> Row:
    """Run the tests of the review page where there is nothing but 127.0.0.1."""
    outcome = _pytest("routes", [SERVER], BROWSERS)
    row = outcome.row(f"namespace with 127.0.0.1 only: {SERVER}", "nothing else is asked for")
    kept = row.kept if outcome.attempts == 0 else 0
    measured = f"{row.measured}; attempts to reach anything else: {outcome.attempts}"
    return Row(row.fault, row.promised, row.tried, kept, measured)


def looking() -> Row:
    """Run the tests in a browser there; what the browser itself tries is told and not held."""
    outcome = _pytest("routes", BROWSERS, [])
    promised = "pages are whole, and ask for nothing but themselves"
    row = outcome.row("namespace with 127.0.0.1 only: tests in a browser", promised)
    measured = f"{row.measured}; the browser's own attempts to reach its maker: {outcome.attempts}"
    return Row(row.fault, row.promised, row.tried, row.kept, measured)


class _Outcome:
    """What pytest wrote down, and what its namespace counted."""

    def __init__(self, report: Path, attempts: Path, seconds: float, code: int) -> None:
        self.code, self.seconds = code, seconds
        self.tests = self.skipped = self.failed = 0
        if report.exists():
            suite = ElementTree.parse(report).getroot().find("testsuite")
            assert suite is not None
            self.tests, self.skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            self.failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        self.attempts = int(attempts.read_text()) if attempts.exists() else None

    def row(self, fault: str, promised: str) -> Row:
        """As a row of the table; without a report nothing counts as kept."""
        run = self.tests - self.skipped
        kept = run - self.failed if self.code in (0, 1) else 0
        end = f"; ended with {self.code}" if self.code else ""
        measured = f"{run} tests ran in {self.seconds:.0f} s, {self.skipped} were skipped{end}"
        return Row(fault, promised, max(run, 1), kept, measured)


def _pytest(ban: str, tests: Sequence[str], ignored: Sequence[str]) -> _Outcome:
    with tempfile.TemporaryDirectory(prefix="posecheck-") as folder:
        report, attempts = Path(folder) / "report.xml", Path(folder) / "attempts"
        how = f"routes={attempts}" if ban == "routes" else ban
        command = [
            sys.executable, "-m", "tests.reliability.bans", how,
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not style",
            f"--junitxml={report}", f"--basetemp={folder}/tests",
            *(f"--ignore={test}" for test in ignored), *tests,
        ]  # fmt: skip
        start = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, stdout=sys.stderr).returncode
        return _Outcome(report, attempts, time.monotonic() - start, code)


def main() -> int:
    """Run all, or the tests that are named, and print the table."""
    parser = argparse.ArgumentParser(prog="tests.reliability.no_network")
    parser.add_argument("--json", type=Path)
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    if options.tests:
        rows = [without_sockets(options.tests)]
    else:
        rows = [without_sockets(WITHOUT_SOCKETS), serving(), looking()]
    print(markdown(TITLE, rows))
    if options.json is not None:
        write_json(options.json, {TITLE: rows})
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
