"""`python -m posecheck`."""

from __future__ import annotations

from posecheck.cli.process import run

if __name__ == "__main__":
    run()
