"""`python cli.py check foto.jpg`: the command from a checkout, without installing it."""

from __future__ import annotations

import sys

from posecheck.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
