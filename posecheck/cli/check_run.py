"""What `posecheck check` does, from its options to the exit code."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from posecheck.checker import Checker
from posecheck.cli.ahead import OpenedAhead
from posecheck.cli.check_command import CheckOptions
from posecheck.cli.checking import Run, Source, closing_words, exit_code, told_if_interrupted
from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.options import limits_of
from posecheck.cli.sinks import make_sink
from posecheck.cli.sources import check_output, find_sources
from posecheck.cli.streams import STANDARD, open_output, paint_for_stdout, show_log
from posecheck.opening import Limits
from posecheck.opening.quiet import quiet_decoders
from posecheck.report.annotate import Annotator
from posecheck.report.plain import plain
from posecheck.report.summary import Tally
from posecheck.report.text import Detail, TextReport
from posecheck.report.texts import Texts
from posecheck.results import Level
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.risk.settings import Settings

WIDTH = 88
"""Columns of a report in a file, and the most that a terminal gets: longer lines tire."""


def check(options: CheckOptions, settings: Settings, say: Texts) -> ExitCode:
    """Check photos and write results.

    Args:
        options: What was typed.
        settings: What that and other sources of settings come to.
        say: Words of the chosen language.

    Raises:
        PosecheckError: Nothing can be checked, or results cannot be written.
        BrokenPipeError: The reader of standard output went away.
    """
    limits = limits_of(options.max_file, options.max_pixels)
    sources = find_sources(options.paths, say, limits)
    check_output(options.output, sources, say)
    show_log(options.verbose)
    tally = Tally()
    with ExitStack() as stack:
        if not options.verbose:
            stack.enter_context(quiet_decoders())
        # Within: the first photo is opened while the networks are loaded.
        run = _prepare(options, sources, settings, limits, say)
        stack.enter_context(told_if_interrupted(tally, len(sources), say))
        write = stack.enter_context(open_output(options.output, say))
        sink = make_sink(options.form, write, _report(options, say), alone=len(sources) == 1)
        run.go(sink, tally)
    if not options.quiet:
        _close(options, run, tally, settings.fail_on, say)
    return exit_code(tally, settings.fail_on)


def _prepare(
    options: CheckOptions, sources: list[Source], settings: Settings, limits: Limits, say: Texts
) -> Run:
    ahead = OpenedAhead(sources[0].photo, limits)
    checker = Checker(
        contest=load_contest(settings.contest),
        rules=load_rules(settings.rules),
        backend=settings.backend,
        runtime=settings.runtime,
        limits=limits,
    )
    annotator = None
    if options.annotate is not None:
        originals = [source.photo for source in sources if isinstance(source.photo, Path)]
        annotator = Annotator(options.annotate, say, originals)
    return Run(sources, checker, annotator, say, options.quiet, ahead)


def _report(options: CheckOptions, say: Texts) -> TextReport:
    if options.output != STANDARD or not sys.stdout.isatty():
        return TextReport(say, _detail(options), WIDTH, plain)
    width = min(WIDTH, shutil.get_terminal_size().columns)
    return TextReport(say, _detail(options), width, paint_for_stdout(os.environ))


def _close(options: CheckOptions, run: Run, tally: Tally, fail_on: Level, say: Texts) -> None:
    if run.annotator is not None and run.annotator.written:
        folder = run.annotator.folder
        click.echo(say.count("progress.annotated", run.annotator.written, folder=folder), err=True)
    if options.output != STANDARD:
        click.echo(say("progress.written", path=options.output), err=True)
    if options.form != "text" or options.output != STANDARD:
        for line in closing_words(tally, fail_on, say):
            click.echo(line, err=True)


def _detail(options: CheckOptions) -> Detail:
    """How much to say; the more of two that contradict each other."""
    if options.verbose:
        return Detail.VERBOSE
    return Detail.QUIET if options.quiet else Detail.NORMAL
