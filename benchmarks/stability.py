"""Sure of itself: does a photo keep its level when it is turned, mirrored, stored anew or blurred?

    python benchmarks/stability.py CSV... --split dev --crops 200 --jobs 2 --output stability.json

Reads label files as `posecheck eval` does, takes all group photos and pictures of one hand or a
sample of each, and checks each as it is and in seven variants that exist in memory only.  Under a
rotation a thumb up may rightly become another sign, so photos whose level rests on a thumb are
also given apart.  Contest and rules are the shipped defaults.

Exit codes: 0 done, 2 wrong usage or labels, 3 some pictures could not be checked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.stability_report import SCHEMA, Stability, Unread, to_json, to_text
from benchmarks.stability_run import CheckMaker, Versions, open_check, run
from benchmarks.stability_score import ORIGINAL, PhotoVersions, score
from benchmarks.stability_variants import VARIANTS
from posecheck import __version__
from posecheck.errors import LabelError, OutputError, PosecheckError
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import Labels, select
from posecheck.report.writing import whole_file
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("csv", nargs="+", type=Path, help="label files, as for `posecheck eval`")
    parser.add_argument("--photos", type=Path, help="folder to look for pictures in first")
    parser.add_argument("--split", help="take only rows of this split, such as dev")
    parser.add_argument("--exclude-source", action="append", default=[], metavar="SOURCE")
    parser.add_argument("--crops", type=int, metavar="N", help="draw N pictures of one hand")
    parser.add_argument("--groups", type=int, metavar="N", help="draw N group photos")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the JSON goes")
    return parser.parse_args(given)


def measure(typed: argparse.Namespace, make_check: CheckMaker | None = None) -> Stability:
    """Check every version of every photo.

    Args:
        typed: The arguments.
        make_check: Loads a checker; the installed pipeline by default.

    Raises:
        PosecheckError: The label files are malformed, or the checker cannot be loaded.
    """
    everything = read_labels(typed.csv, typed.photos)
    unknown = sorted(set(typed.exclude_source) - everything.sources)
    if unknown:
        raise LabelError(f"no picture is of source {', '.join(unknown)}", "Check its name.")
    wanted = select(everything, typed.split, typed.exclude_source)
    drawn = select(Labels(wanted.crops), limit=typed.crops, seed=typed.seed)
    groups = select(Labels((), wanted.groups), limit=typed.groups, seed=typed.seed)
    labels = Labels(drawn.crops, groups.groups)
    if not len(labels):
        raise LabelError("no picture is left to check", "Check --split and --crops.")
    if typed.output:
        _refuse(typed.output, labels, typed.csv)
    contest, rules = load_contest(), load_rules()
    make_check = make_check or partial(open_check, contest, rules)
    names = labels.files

    def progress(i: int, versions: Versions) -> None:
        print(f"{i + 1}/{len(names)} {names[i]}: {_changes(versions)}", file=sys.stderr, flush=True)

    every, models = run(labels.paths, make_check, typed.jobs, progress)
    kinds = ["crop"] * len(labels.crops) + ["group"] * len(labels.groups)
    sources = [*(c.source for c in labels.crops), *(g.source for g in labels.groups)]
    photos = [PhotoVersions(*row) for row in zip(names, kinds, sources, every, strict=True)]
    read = [p for p in photos if p.versions[ORIGINAL].level is not None]
    return Stability(
        schema=SCHEMA,
        version=__version__,
        models=tuple(sorted(" ".join(model) for model in models)),
        contest=contest.id,
        rules=rules.id,
        label_files=tuple(file.name for file in typed.csv),
        split=typed.split or "",
        excluded=tuple(typed.exclude_source),
        seed=typed.seed,
        crops=(len(labels.crops), len(wanted.crops)),
        groups=len(labels.groups),
        variants={v.name: v.words for v in VARIANTS},
        rotations=tuple(v.name for v in VARIANTS if v.rotates),
        rows=score(read, {v.name: v.rotates for v in VARIANTS}, typed.seed),
        unread=tuple(
            Unread(p.file, p.versions[ORIGINAL].reason)
            for p in photos
            if p.versions[ORIGINAL].level is None
        ),
        photos=tuple(photos),
    )


def _changes(versions: Versions) -> str:
    level = versions[ORIGINAL].level
    if level is None:
        return f"not checked: {versions[ORIGINAL].reason}"
    other = {n: v.level or "not checked" for n, v in versions.items() if v.level != level}
    return level + "".join(f", {name} {now}" for name, now in other.items())


def _refuse(output: Path, labels: Labels, files: Sequence[Path]) -> None:
    """Refuse, before hours of work, to write where nothing can be or should be written."""
    if not output.parent.is_dir():
        raise OutputError(f"{output}: there is no folder {output.parent}", "Make it first.")
    if output.resolve() in {path.resolve() for path in (*labels.paths, *files)}:
        raise OutputError(f"{output} is one of the files to be checked", "Name another file.")


def main(given: Sequence[str] | None = None, make_check: CheckMaker | None = None) -> int:
    """Measure, write and print.

    Args:
        given: Arguments; those of the process by default.
        make_check: Loads a checker; the installed pipeline by default.

    Returns:
        The exit code.
    """
    typed = arguments(given)
    try:
        found = measure(typed, make_check)
        if typed.output:
            with whole_file(typed.output) as stream:
                stream.write(to_json(found).encode())
    except PosecheckError as error:
        print(f"{error.message}\n{error.remedy}".strip(), file=sys.stderr)
        return 2
    print(to_text(found), end="")
    return 3 if found.unread else 0


if __name__ == "__main__":
    sys.exit(main())
