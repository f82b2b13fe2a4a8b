"""The evaluation as JSON; other programs read it, so fields are added and never renamed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from posecheck.evaluation.figures import Evaluation
from posecheck.evaluation.setup import EvalSetup

SCHEMA = "posecheck-eval/1"

_DIGITS = 6


def to_json(evaluation: Evaluation, setup: EvalSetup) -> str:
    """JSON text of everything that was worked out, and of how.

    Objects carry the names of the dataclasses' attributes (`posecheck.evaluation.figures`);
    a figure that cannot be given is null.  Nothing in it depends on the time or the machine but
    `elapsed_ms`.
    """
    record = {"schema": SCHEMA, "setup": plain_values(setup), **plain_values(evaluation)}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def plain_values(value: Any) -> Any:
    """Dataclasses as objects, sequences as arrays, and numbers rounded: ready for `json`."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain_values(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_values(item) for item in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
