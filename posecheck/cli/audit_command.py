"""`posecheck audit`: was the log of a case file changed?"""

from __future__ import annotations

from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import case_argument
from posecheck.cli.streams import write_stdout
from posecheck.report.plain import visible
from posecheck.report.texts import Texts, load

SHORTEST_HASH = 8
"""Digits of a hash that must be noted; fewer could be met by chance."""


def build(say: Texts) -> click.Command:
    """The command in one language."""
    say = load(say.lang, "scan")

    def call(case: Path, expect: str | None, log: bool) -> ExitCode:
        return audit(case, expect, log, say)

    return LocalisedCommand(
        say,
        name="audit",
        callback=call,
        params=[
            case_argument(say),
            click.Option(["--expect"], metavar=say("help.hash"), help=say("help.opt_expect")),
            click.Option(["--log"], is_flag=True, help=say("help.opt_log")),
        ],
        help=say("help.audit"),
    )


def audit(case: Path, expect: str | None, log: bool, say: Texts) -> ExitCode:
    """Verify the log; 1 where it was changed, as a finding.

    Raises:
        PosecheckError: The case file cannot be read.
        UsageError: The noted hash is too short to mean anything.
    """
    from posecheck.casefile.case import open_case

    if expect is not None and len(expect) < SHORTEST_HASH:
        raise click.UsageError(f"--expect: {expect}")
    last, count, noted, broken = "", 0, 0, None
    with open_case(case) as opened:
        for entry in opened.audit():
            count, last = count + 1, entry.hash
            if log:
                facts = {"n": entry.id, "at": entry.at, "event": entry.event}
                line = say("audit.entry", **facts, details=visible(entry.details))
                write_stdout(line + "\n", say)
            if not entry.intact and broken is None:
                broken = entry
            if expect is not None and entry.hash.startswith(expect.lower()):
                noted = entry.id
    if broken is not None:
        place = {"n": broken.id, "at": visible(str(broken.at)), "event": visible(broken.event)}
        write_stdout(say("audit.broken", **place) + "\n", say)
        return ExitCode.FOUND
    words = say("audit.intact", n=count, hash=last) if count else say("audit.empty")
    write_stdout(words + "\n", say)
    if expect is None:
        return ExitCode.CLEAR
    key = "audit.expected" if noted else "audit.not_found"
    write_stdout(say(key, hash=expect, **({"n": noted} if noted else {})) + "\n", say)
    return ExitCode.CLEAR if noted else ExitCode.FOUND
