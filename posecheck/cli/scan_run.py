"""What `posecheck scan` does, from its options to the exit code."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.queue import Queue
from posecheck.casefile.recipe import make_recipe
from posecheck.casefile.tally import ScanTally, tally
from posecheck.casefile.types import Recipe
from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.interrupts import stopped_by_signals
from posecheck.cli.options import MEGA, limits_of
from posecheck.cli.scan_command import ScanOptions
from posecheck.cli.scan_progress import ScanProgress
from posecheck.cli.streams import STANDARD, paint_for_stdout, show_log, write_stdout
from posecheck.errors import CaseError, OutputError, PosecheckError
from posecheck.opening import PHOTO_SUFFIXES
from posecheck.report.record import Record
from posecheck.report.scan_text import scan_record, scan_text
from posecheck.report.texts import Texts
from posecheck.results import Level
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.risk.settings import load_settings
from posecheck.runtime.choice import chosen_apart
from posecheck.scan.engine import Engine, LostPhoto
from posecheck.scan.engines import default_jobs, make_engine
from posecheck.scan.file_lists import read_file_list
from posecheck.scan.hashing import hash_file
from posecheck.scan.items import Item
from posecheck.scan.listing import list_files
from posecheck.scan.lost import lost_record
from posecheck.scan.memory import CAN_LIMIT, DEFAULT_BYTES
from posecheck.scan.scanning import Scanner, Told, as_entries
from posecheck.scan.watching import watch
from posecheck.scan.work import CheckSetup


@dataclass
class Run:
    """One run of the command.

    Attributes:
        options: What was typed.
        say: Words of the chosen language.
        scanner: Works through the queue.
        progress: Shows how far it is.
        fail_on: Least level that counts as found.
        stop: Set by the first Ctrl-C.
        worked: Files that were worked on.
    """

    options: ScanOptions
    say: Texts
    scanner: Scanner
    progress: ScanProgress
    fail_on: Level
    stop: threading.Event
    worked: int = 0

    def tell(self, told: Told) -> None:
        """Count a file that is done."""
        self.worked += 1
        level = None if told.record is None else told.record["level"]
        self.progress.step(level is not None and Level(level).rank >= self.fail_on.rank)

    def go(self, roots: Iterator[str]) -> None:
        """List, check, and go on watching if that is wanted.

        Raises:
            PosecheckError: The work cannot be done, or a folder cannot be watched.
        """
        options = self.options
        include, exclude, archives = options.include, options.exclude, not options.no_archives
        arriving: Iterator[list[Item]] = iter(())
        if options.watch:
            # Before listing: what arrives in between is seen by one of the two.
            arriving = watch(
                options.paths, self.stop, include=include, exclude=exclude, archives=archives
            )
        self._list(list_files(roots, include=include, exclude=exclude, archives=archives))
        self._work()
        if options.watch and not self.stop.is_set():
            self.progress.clear()
            click.echo(self.say("scan.watching"), err=True)
        for items in arriving:
            self._list(items)
            self._work()

    def _list(self, items: Iterable[Item]) -> None:
        self.scanner.enlist(as_entries(items), self.progress.listing)

    def _work(self) -> None:
        queue = self.scanner.queue
        total, left = queue.total(), queue.left()
        if self.worked == 0 and 0 < left < total and not self.options.quiet:
            self.progress.clear()
            click.echo(self.say("scan.resumed", done=total - left, total=total), err=True)
        self.progress.begin(total, total - left, queue.found(self.fail_on))
        self.scanner.work()
        self.progress.clear()


def scan(options: ScanOptions, say: Texts) -> ExitCode:
    """Scan into a case file.

    Raises:
        PosecheckError: Nothing can be scanned, or the case file cannot be written.
    """
    if options.case.suffix.lower() in PHOTO_SUFFIXES:
        raise OutputError(
            say("scan.case_is_photo", path=options.case), say("scan.case_is_photo_remedy")
        )
    if not options.paths and options.files_from is None:
        raise PosecheckError(say("scan.nothing_listed"), say("scan.nothing_listed_remedy"))
    plan = Plan.of(options, say)
    show_log(options.verbose)
    stop = threading.Event()
    with ExitStack() as stack:
        names = stack.enter_context(_listed_names(options.files_from))
        stack.enter_context(_alone(options.case, say))
        case = stack.enter_context(open_case(options.case, create=True))
        run = _run(case, plan, options, say, stop)
        finished = False
        try:
            with stopped_by_signals(stop, lambda: _told_stopping(run)):
                run.go(chain(options.paths, names))
            finished = not stop.is_set() or options.watch
        finally:
            run.progress.clear()
            counts = _end(case, run, finished)
    write_stdout(_summary(run, counts, options, say), say)
    if not finished:
        click.echo(say("scan.stopped", left=counts.left), err=True)
        return ExitCode.INTERRUPTED
    if not counts.files and not options.watch:
        raise PosecheckError(
            say("error.no_photos", paths=", ".join(options.paths)), say("error.no_photos_remedy")
        )
    if counts.failures:
        return ExitCode.NOT_CHECKED
    return ExitCode.FOUND if counts.found(run.fail_on) else ExitCode.CLEAR


@dataclass(frozen=True)
class Plan:
    """What photos are checked with, and where; made before anything is written.

    Attributes:
        setup: Loads what checks photos.
        recipe: The same for the case file.
        engine: Where the work runs.
        fail_on: Least level that counts as found.
    """

    setup: CheckSetup
    recipe: Recipe
    engine: Engine
    fail_on: Level

    @classmethod
    def of(cls, options: ScanOptions, say: Texts) -> Plan:
        """Read settings.

        Raises:
            PosecheckError: A setting, contest or rule set cannot be used.
        """
        keys = ("contest", "rules", "backend", "runtime", "fail_on")
        settings = load_settings({key: getattr(options, key) for key in keys})
        setup = CheckSetup(
            load_contest(settings.contest),
            load_rules(settings.rules),
            settings.backend,
            limits_of(options.max_file, options.max_pixels),
            # Once for all processes: half of a scan must not be read by another runtime.
            runtime=chosen_apart(settings.runtime),
            pictures=not options.no_pictures,
        )
        return cls(
            setup,
            make_recipe(setup.contest, setup.rules, setup.backend, setup.limits, setup.runtime),
            make_engine(
                options.engine,
                options.jobs or default_jobs(),
                options.timeout,
                _memory(options, say),
            ),
            settings.fail_on,
        )

    def lost(self, lost: LostPhoto, sha256: str) -> Record:
        """The record of a photo that was lost with its worker."""
        models = self.recipe.details["models"].items()
        short = tuple((name, digest[:12]) for name, digest in models)
        return lost_record(lost, sha256, self.recipe.contest, self.recipe.rules, short)


def _memory(options: ScanOptions, say: Texts) -> int:
    """Bytes that a worker may have.

    Raises:
        PosecheckError: A limit was asked for that this system cannot keep.
    """
    if options.max_memory is None:
        return DEFAULT_BYTES
    if not CAN_LIMIT:
        raise PosecheckError(say("scan.no_memory_limit"), say("scan.no_memory_limit_remedy"))
    return round(options.max_memory * MEGA)


def _run(
    case: CaseFile, plan: Plan, options: ScanOptions, say: Texts, stop: threading.Event
) -> Run:
    limit = plan.setup.limits.max_bytes
    scanner = Scanner(
        queue=Queue(
            case,
            plan.recipe,
            options.paths,
            retry_failed=options.retry_failed,
            pictures=not options.no_pictures,
        ),
        engine=plan.engine,
        make=plan.setup,
        hash_of=lambda ref: hash_file(ref, limit),
        lost=plan.lost,
        tell=lambda told: run.tell(told),
        stop=stop,
    )
    progress = ScanProgress(say, sys.stderr, wanted=not options.quiet)
    run = Run(options, say, scanner, progress, plan.fail_on, stop)
    return run


def _end(case: CaseFile, run: Run, finished: bool) -> ScanTally:
    queue = run.scanner.queue
    counts = tally(case, queue.scan)
    queue.end(
        finished=finished,
        told_of={
            "files": counts.files,
            "worked_on": run.worked,
            "checked": counts.checked,
            "failed": counts.failures,
            "left": counts.left,
        },
    )
    return counts


def _summary(run: Run, counts: ScanTally, options: ScanOptions, say: Texts) -> str:
    if options.form == "json":
        return json.dumps(scan_record(counts, run.worked, options.case), indent=2) + "\n"
    paint = paint_for_stdout(os.environ)
    return scan_text(counts, run.worked, options.case, say, paint)


def _told_stopping(run: Run) -> None:
    run.progress.clear()
    click.echo(run.say("scan.stopping"), err=True)


@contextmanager
def _listed_names(files_from: str | None) -> Iterator[Iterator[str]]:
    if files_from is None:
        yield iter(())
    elif files_from == STANDARD:
        yield read_file_list(sys.stdin.buffer)
    else:
        with ExitStack() as stack:
            try:
                file = stack.enter_context(Path(files_from).open("rb"))
            except OSError as error:
                raise PosecheckError(f"{files_from}: {error.strerror or error}") from error
            yield read_file_list(file)


@contextmanager
def _alone(case: Path, say: Texts) -> Iterator[None]:
    """Keep a second scan from the case file; the system lets go when this process ends."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{os.path.realpath(case)}.lock")  # one, whatever links lead to it
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CaseError(say("scan.locked", path=case), say("scan.locked_remedy")) from error
    except OSError as error:
        raise CaseError(
            f"{case}: {error.strerror or error}", say("error.broken_write_remedy")
        ) from error
    try:
        yield
    finally:
        lock.release()
