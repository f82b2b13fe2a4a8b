"""Show the crops of a list of labels, to see for yourself: contact sheets, kept out of the repo.

    python -m training.show_labels training/label_errors.csv --photos PHOTOS --out sheets/

Each picture carries its label and what was read instead.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from posecheck.opening import open_photo

TILE, CAPTION, COLUMNS, ROWS = 220, 24, 6, 5


def tile(path: Path, caption: str) -> np.ndarray:
    """One picture with its caption: uint8 (TILE + CAPTION, TILE, 3), BGR."""
    bgr = open_photo(path).rgb[:, :, ::-1]
    zoom = TILE / max(bgr.shape[:2])
    size = (max(1, int(bgr.shape[1] * zoom)), max(1, int(bgr.shape[0] * zoom)))
    made = np.zeros((TILE + CAPTION, TILE, 3), np.uint8)
    made[: size[1], : size[0]] = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    where = (3, TILE + CAPTION - 8)
    cv2.putText(made, caption, where, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 255, 255), 1, cv2.LINE_AA)
    return made


def main() -> None:
    """Write sheet_00.png, sheet_01.png, ..."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path, help="CSV with the columns file, label and reading")
    parser.add_argument("--photos", type=Path, required=True, help="folder with crops/")
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets")
    args = parser.parse_args()
    with args.list.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    args.out.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(rows), COLUMNS * ROWS)):
        tiles = [
            tile(
                args.photos / "crops" / row["file"],
                f"{row['file'][:-4]} {row['label']} > {row['reading']}",
            )
            for row in rows[start : start + COLUMNS * ROWS]
        ]
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
        lines = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
        cv2.imwrite(str(args.out / f"sheet_{number:02d}.png"), np.vstack(lines))


if __name__ == "__main__":
    main()
