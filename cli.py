"""`python cli.py check foto.jpg`: the command from a checkout, without installing it."""

from __future__ import annotations

from posecheck.cli.process import run

if __name__ == "__main__":
    run()
