"""Where the pictures are that a label file names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posecheck.errors import LabelError

_BESIDE = ("crops", "groups", "photos", "images")


def folders(label_file: Path, photos: Path | None = None) -> tuple[Path, ...]:
    """Folders that pictures are looked for in, best first.

    They are `photos` and its subfolder named like the label file, if given; then the label file's
    own folder, the subfolder named like the file (`crops.csv` -> `crops/`), and the subfolders
    `crops`, `groups`, `photos` and `images`.
    """
    home, stem = label_file.parent, label_file.stem
    given = () if photos is None else (photos, *(photos / name for name in (stem, *_BESIDE)))
    beside = (home, *(home / name for name in dict.fromkeys((stem, *_BESIDE))))
    return tuple(dict.fromkeys((*given, *beside)))


def locate(
    label_file: Path, names: Sequence[str], photos: Path | None = None, needed: bool = True
) -> list[Path]:
    """One path a name: in the first folder that has it.

    All pictures of a label file are expected in one folder, the one that has most of them; a
    picture that is not there is looked for in the others, and one that is nowhere keeps its path
    in the expected folder, so that it is reported as unread under that name.

    Args:
        label_file: File that names the pictures.
        names: Paths relative to the folder of pictures, or absolute.
        photos: Folder to look in first.
        needed: Raise where no picture at all is found.

    Raises:
        LabelError: `needed`, and there is none of the pictures.
    """
    places = folders(label_file, photos)
    hits = {folder: [_is_there(folder / name) for name in names] for folder in places}
    best = max(places, key=lambda folder: sum(hits[folder]))
    if needed and names and not any(hits[best]):
        looked = ", ".join(str(folder) for folder in places if folder.is_dir())
        raise LabelError(
            f"{label_file}: none of its {len(names)} pictures is there; looked in {looked}.",
            "Name the folder of the pictures with --photos.",
        )
    order = (best, *(folder for folder in places if folder != best))
    return [
        next((folder / name for folder in order if hits[folder][i]), best / name)
        for i, name in enumerate(names)
    ]


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have, or a folder that is closed
        return False
