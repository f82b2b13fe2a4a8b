"""`posecheck eval`: score the installed pipeline on labelled photos."""

from __future__ import annotations

from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.risk.choices import BACKENDS, RUNTIMES

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("eval")
@click.argument("csv", nargs=-1, type=_FILE)
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the pictures; by default beside each CSV.",
)
@click.option("--split", help="Score only rows of this split, such as dev.")
@click.option("--exclude-source", multiple=True, metavar="SOURCE", help="Leave a source out.")
@click.option("--apart", multiple=True, metavar="SOURCE", help="Give a source's figures apart.")
@click.option("--limit", type=click.IntRange(min=1), help="Draw at most this many of each kind.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw and intervals.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; one a core by default.")
@click.option("--contest", help="Contest: a shipped id or a TOML file.")
@click.option("--rules", help="Rule set: a shipped id or a TOML file.")
@click.option("--backend", type=click.Choice(BACKENDS), help="Hand finder.")
@click.option("--runtime", type=click.Choice(RUNTIMES), metavar="NAME", help="Of the networks.")
@click.option("--save-results", type=_FILE, metavar="FILE", help="Keep the results as JSON lines.")
@click.option("--casefile", type=_FILE, metavar="FILE", help="Score against its decisions.")
@click.option("--from-results", type=_FILE, metavar="FILE", help="Score kept results; run nothing.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
@click.option("--output", type=_FILE, metavar="FILE|-", default="-", help="Where the scores go.")
@click.pass_context
def eval_command(
    ctx: click.Context,
    csv: tuple[Path, ...],
    photos: Path | None,
    split: str | None,
    exclude_source: tuple[str, ...],
    apart: tuple[str, ...],
    limit: int | None,
    seed: int,
    jobs: int | None,
    contest: str | None,
    rules: str | None,
    backend: str | None,
    runtime: str | None,
    save_results: Path | None,
    casefile: Path | None,
    from_results: Path | None,
    form: str,
    output: Path,
) -> None:
    """Score the installed pipeline on labelled photos.

    CSV are label files: pictures of one hand (columns file, gesture), group photos (photo,
    has_gesture) and the hands in them (photo, x0, y0, x1, y1, gesture).  docs/eval.md says what
    they may hold and what every figure means.  --casefile scores against decisions instead.
    """
    from posecheck.cli.eval_run import EvalOptions, score, score_casefile

    if casefile is not None:
        others = (photos, split, exclude_source, apart, limit, jobs, contest, rules, backend)
        if csv or any((*others, runtime, save_results, from_results)):
            raise click.UsageError("--casefile goes with --seed, --format and --output only.")
        score_casefile(casefile, seed, form, output)
        return
    if not csv:
        raise click.UsageError("Name label files (CSV), or a case file with --casefile.")

    if from_results and (contest or rules or backend or runtime or save_results or jobs):
        raise click.UsageError(
            "--from-results runs nothing: --contest, --rules, --backend, --runtime, --jobs "
            "and --save-results do not go with it."
        )
    unread = score(
        EvalOptions(
            csv=csv,
            photos=photos,
            split=split,
            exclude=exclude_source,
            apart=apart,
            limit=limit,
            seed=seed,
            jobs=jobs,
            settings={
                "contest": contest,
                "rules": rules,
                "backend": backend,
                "runtime": runtime,
            },
            save_results=save_results,
            from_results=from_results,
            form=form,
            output=output,
        )
    )
    if unread:
        click.echo(f"Pictures that could not be checked: {unread}.", err=True)
        ctx.exit(ExitCode.NOT_CHECKED)
