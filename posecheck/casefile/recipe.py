"""What results are made with, and when one is stale."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from posecheck import __version__
from posecheck.casefile.types import Recipe
from posecheck.hands.backends import models_used
from posecheck.models import manifest
from posecheck.opening import Limits
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet
from posecheck.runtime.names import DEFAULT

PIPELINE = 2
"""Raised with every change of the code that may change a result: older results are stale then."""


def make_recipe(
    contest: Contest, rules: RuleSet, backend: str, limits: Limits, runtime: str = DEFAULT
) -> Recipe:
    """The recipe of results made now with these settings.

    The runtime is one of them: two agree to rounding, and a photo may lie that near to a limit.

    Raises:
        ModelError: The model manifest cannot be read.
    """
    models = models_used(backend, runtime)
    details: dict[str, Any] = {
        "pipeline": PIPELINE,
        "contest": {
            "id": contest.id,
            "name": contest.name,
            "numbers": list(contest.numbers),
            "symbols": {gesture: list(numbers) for gesture, numbers in contest.symbols.items()},
            "phases": [
                [phase.name, phase.start.isoformat(), phase.end.isoformat()]
                for phase in contest.phases
            ],
        },
        "rules": {
            "id": rules.id,
            "name": rules.name,
            "statuses": {gesture: status.value for gesture, status in rules.statuses.items()},
        },
        "backend": backend,
        "runtime": runtime,
        "models": {name: manifest()[name].sha256 for name in models},
        "limits": {"max_bytes": limits.max_bytes, "max_pixels": limits.max_pixels},
    }
    return Recipe(
        fingerprint=hashlib.sha256(canonical(details).encode()).hexdigest(),
        contest=contest.id,
        rules=rules.id,
        backend=backend,
        version=__version__,
        details=details,
    )


def canonical(value: Any) -> str:
    """JSON text that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def keep_recipe(connection: sqlite3.Connection, recipe: Recipe) -> int:
    """Number of a recipe in a case file; it is added if it is new.  Needs a transaction."""
    connection.execute(
        "INSERT OR IGNORE INTO recipe (fingerprint, version, contest, rules, backend, details)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            recipe.fingerprint,
            recipe.version,
            recipe.contest,
            recipe.rules,
            recipe.backend,
            canonical(recipe.details),
        ),
    )
    row = connection.execute(
        "SELECT id FROM recipe WHERE fingerprint = ? AND version = ?",
        (recipe.fingerprint, recipe.version),
    ).fetchone()
    return int(row["id"])


def read_recipe(connection: sqlite3.Connection, number: int) -> Recipe:
    """A recipe by its number."""
    row = connection.execute("SELECT * FROM recipe WHERE id = ?", (number,)).fetchone()
    return Recipe(
        fingerprint=row["fingerprint"],
        contest=row["contest"],
        rules=row["rules"],
        backend=row["backend"],
        version=row["version"],
        details=json.loads(row["details"]),
    )
