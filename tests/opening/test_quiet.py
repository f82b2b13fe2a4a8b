"""What decoders print of their own accord is kept off the terminal, and nothing else is."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings

import pytest

from posecheck.opening.quiet import quiet_decoders

SPEAKERS = """
import logging, os, sys, warnings
from posecheck.opening.quiet import quiet_decoders

def speak(when):
    os.write(2, f"native {when}\\n".encode())
    warnings.warn(f"warning {when}", stacklevel=1)
    logging.getLogger("PIL.TiffImagePlugin").error(f"log {when}")
    print(f"ours {when}", file=sys.stderr)

speak("before")
with quiet_decoders():
    speak("within")
speak("after")
"""


def test_only_what_is_ours_is_seen_and_all_of_it_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", SPEAKERS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = {line for line in done.stderr.splitlines() if line.endswith(("before", "in", "after"))}
    everything = {f"{what} before" for what in ("native", "log", "ours")}
    assert everything <= said
    assert {line for line in said if line.endswith("within")} == {"ours within"}
    assert {f"{what} after" for what in ("native", "log", "ours")} <= said
    assert "warning before" in done.stderr and "warning after" in done.stderr
    assert "warning within" not in done.stderr


def test_a_process_without_standard_error_can_be_quiet_too() -> None:
    code = "import os; os.close(2)\n" + SPEAKERS.split("def speak")[0]
    code += "with quiet_decoders(): print('done')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_warnings_can_be_had_from_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with quiet_decoders(), caplog.at_level(logging.WARNING, "py.warnings"):
            warnings.warn("Corrupt EXIF data", stacklevel=1)
    assert "Corrupt EXIF data" in caplog.text
