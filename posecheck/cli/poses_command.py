"""`posecheck poses`: the gestures, in words that an employee understands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from posecheck import __version__
from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.streams import write_stdout
from posecheck.errors import OutputError
from posecheck.gesture.vocabulary import GESTURES, Gesture
from posecheck.report.record import to_json
from posecheck.report.texts import Texts, load
from posecheck.report.writing import whole_file
from posecheck.results import RuleStatus
from posecheck.risk.contest import Contest, load_contest
from posecheck.risk.rules import RuleSet, load_rules
from posecheck.risk.settings import load_settings

ORDER = (
    RuleStatus.FORBIDDEN,
    RuleStatus.DISPUTED,
    RuleStatus.UNLISTED,
    RuleStatus.ALLOWED,
)
"""What to avoid comes first."""

PAGE_SUFFIXES = (".html", ".htm")


def build(say: Texts) -> click.Command:
    """The command in one language."""

    def call(form: str, html: Path | None, contest: str | None, rules: str | None) -> ExitCode:
        settings = load_settings({"contest": contest, "rules": rules})
        loaded = load_contest(settings.contest), load_rules(settings.rules)
        if html is not None:
            write_poster(html, *loaded, say)
            return ExitCode.CLEAR
        text = as_json(*loaded, say) if form == "json" else as_text(*loaded, say)
        write_stdout(text, say)
        return ExitCode.CLEAR

    forms = ("text", "json")
    return LocalisedCommand(
        say,
        name="poses",
        callback=call,
        params=[
            click.Option(
                ["--format", "form"],
                type=click.Choice(forms),
                metavar="|".join(forms),
                default=forms[0],
                help=say("help.opt_format"),
            ),
            click.Option(
                ["--html"],
                type=click.Path(path_type=Path),
                metavar=say("help.file"),
                help=say("help.opt_html"),
            ),
            click.Option(["--contest"], metavar=say("help.name"), help=say("help.opt_contest")),
            click.Option(["--rules"], metavar=say("help.name"), help=say("help.opt_rules")),
        ],
        help=say("help.poses"),
        short_help=say("help.poses_short"),
    )


def write_poster(path: Path, contest: Contest, rules: RuleSet, say: Texts) -> None:
    """Write the poster for a notice board.

    Raises:
        OutputError: It cannot be written, or `path` is not called like a page; so no photo and
            no contest is ever written over.
        DependencyError: What writes HTML pages is not installed.
    """
    # Here and not above: the table of poses needs neither a template nor a picture.
    from posecheck.export.poster import poster_html

    if path.suffix.lower() not in PAGE_SUFFIXES:
        words = load(say.lang, "poster")
        raise OutputError(words("poster.no_page", path=path), words("poster.no_page_remedy"))
    page = poster_html(contest, rules, say, date.today(), __version__)
    with whole_file(path) as file:
        file.write(page.encode("utf-8", "backslashreplace"))
    click.echo(say("progress.written", path=path), err=True)


def as_text(contest: Contest, rules: RuleSet, say: Texts) -> str:
    """A table for every status that has gestures, at most 80 columns wide."""
    lines = [say("poses.title", rules=rules.id, contest=contest.id)]
    for status in ORDER:
        rows = [
            (say.gesture(g.id), fingers(g, say), _numbers(contest.numbers_for(g.id), say))
            for g in signs()
            if rules.status(g.id) is status
        ]
        if rows:
            lines += ["", say(f"poses.{status.value}")]
            lines += [f"  {name:<25}  {raised:<35}  {said}" for name, raised, said in rows]
    return "\n".join([*lines, "", say("poses.note")]) + "\n"


def as_json(contest: Contest, rules: RuleSet, say: Texts) -> str:
    """One object: the contest, the rule set, and what they say of each gesture."""
    gestures: list[dict[str, Any]] = [
        {
            "gesture": g.id,
            "name": say.gesture(g.id),
            "fingers": g.fingers,
            "hands": g.hands,
            "numbers": list(contest.numbers_for(g.id)),
            "rule": rules.status(g.id).value,
        }
        for g in signs()
    ]
    whole = {"contest": contest.id, "rules": rules.id, "gestures": gestures}
    return to_json(whole, indent=2) + "\n"


def signs() -> list[Gesture]:
    """The gestures that are signs; ordinary hands are no gesture to a reader."""
    return [gesture for gesture in GESTURES if gesture.is_sign]


def fingers(gesture: Gesture, say: Texts) -> str:
    """The raised fingers in words."""
    if gesture.hands > 1:
        return say("finger.both")
    if not gesture.fingers:
        return say("finger.none")
    if len(gesture.fingers) == 5:
        return say("finger.all")
    return ", ".join(say(f"finger.{finger}") for finger in gesture.fingers)


def _numbers(numbers: tuple[int, ...], say: Texts) -> str:
    if not numbers:
        return say("poses.no_number")
    listed = say.join([str(n) for n in numbers], "or")
    return f"{say('word.number_one')} {listed}"
