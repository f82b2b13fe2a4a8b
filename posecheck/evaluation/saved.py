"""Results kept in a file, so that they can be scored again without running the checker.

The file holds one record of the JSON contract a line: what `posecheck check --format jsonl`
writes can be scored too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from posecheck.errors import LabelError, RecordError
from posecheck.evaluation.csv_rows import read_text
from posecheck.evaluation.labels import Labels
from posecheck.report.record import from_record, to_json, to_record
from posecheck.report.writing import whole_file
from posecheck.results import PhotoResult, Status


def as_saved(result: PhotoResult) -> PhotoResult:
    """The result as it comes back from a file, so that both ways give the same figures."""
    return from_record(to_record(result))


def save_results(file: Path, results: Sequence[PhotoResult]) -> None:
    """Write one record a line.

    Raises:
        OutputError: The file cannot be written.
    """
    with whole_file(file) as stream:
        for result in results:
            stream.write(f"{to_json(to_record(result))}\n".encode())


def load_results(file: Path) -> list[PhotoResult]:
    """Read records, one a line.

    Raises:
        LabelError: The file cannot be read.
        RecordError: A line is no record; the message names the line.
    """
    results = []
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            results.append(from_record(json.loads(line)))
        except (ValueError, RecursionError) as error:  # RecursionError: it is nested too deeply
            raise RecordError(
                f"{file}:{number}: the line is not JSON: {error}", "Write the results anew."
            ) from error
        except RecordError as error:
            raise RecordError(f"{file}:{number}: {error.message}", error.remedy) from error
    return results


def results_for(labels: Labels, results: Sequence[PhotoResult], file: Path) -> list[PhotoResult]:
    """The result of every labelled picture, found by its path.

    A result belongs to a picture if its path is the picture's, or else if it ends in the name
    that the label file gives; results may so come from another machine or folder.

    Args:
        labels: What is to be scored.
        results: In any order, of these pictures and others.
        file: Where the results come from, for messages.

    Returns:
        One a picture, in the order of `labels.paths`; one of status `ERROR` where there is none.

    Raises:
        LabelError: No picture has a result, or one has several that differ.
    """
    by_name: dict[str, dict[str, PhotoResult]] = defaultdict(dict)
    for result in results:
        parts = _parts(result.path)
        if parts:
            by_name[parts[-1]][result.path] = result
    chosen: list[PhotoResult | None] = []
    for name, path in zip(labels.files, labels.paths, strict=True):
        named = by_name.get(_parts(name)[-1], {})
        chosen.append(named.get(str(path)) or _by_ending(named, name, path, file))
    if labels.paths and not any(chosen):
        raise LabelError(
            f"{file}: none of the {len(labels)} labelled pictures has a result there.",
            "Give the label files that the results were made from.",
        )
    return [
        result or PhotoResult(str(path), "", Status.ERROR, f"There is no result for it in {file}.")
        for result, path in zip(chosen, labels.paths, strict=True)
    ]


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]


def _by_ending(
    named: dict[str, PhotoResult], name: str, path: Path, file: Path
) -> PhotoResult | None:
    # The folder of the pictures tells crops/0001.jpg from groups/0001.jpg.
    for ending in (_parts(str(path.parent))[-1:] + _parts(name), _parts(name)):
        fits = [r for p, r in named.items() if _parts(p)[-len(ending) :] == ending]
        if len(fits) > 1:
            raise LabelError(
                f"{file}: {len(fits)} results could be of {'/'.join(ending)!r}.",
                "Keep the results of different folders in different files.",
            )
        if fits:
            return fits[0]
    return None
