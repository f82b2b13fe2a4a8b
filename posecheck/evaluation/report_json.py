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
    record = {"schema": SCHEMA, "setup": _plain(setup), **_plain(evaluation)}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
