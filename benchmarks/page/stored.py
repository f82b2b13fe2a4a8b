"""Measurements read back from JSON into the values that they were written from."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.stability_report import SCHEMA as STABILITY_SCHEMA
from benchmarks.stability_report import Stability
from posecheck.errors import RecordError
from posecheck.evaluation.figures import Evaluation
from posecheck.evaluation.report_json import SCHEMA as EVAL_SCHEMA
from posecheck.evaluation.setup import EvalSetup

_T = TypeVar("_T")

REMEDY = "Measure anew with this version of posecheck."


def read_evaluation(file: Path) -> tuple[EvalSetup, Evaluation]:
    """What `posecheck eval --format json` wrote.

    Raises:
        RecordError: It is something else, or lacks something.
    """
    record = _record(file, EVAL_SCHEMA)
    setup = decode(EvalSetup, record.get("setup"), f"{file}: setup")
    return setup, decode(Evaluation, record, f"{file}: evaluation")


def read_stability(file: Path) -> Stability:
    """What `benchmarks/stability.py --output` wrote.

    Raises:
        RecordError: It is something else, or lacks something.
    """
    return decode(Stability, _record(file, STABILITY_SCHEMA), f"{file}: stability")


def _record(file: Path, schema: str) -> dict[str, Any]:
    try:
        record = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(f"{file} cannot be read: {error}", REMEDY) from error
    found = record.get("schema") if isinstance(record, dict) else None
    if found != schema:
        raise RecordError(f"{file} is of schema {found!r}, not {schema!r}.", REMEDY)
    return dict(record)


def decode(kind: type[_T], value: object, where: str) -> _T:
    """A value of `kind` from plain JSON.

    Fields that `kind` does not have are left aside, since fields may be added; those that JSON
    does not have take their default.

    Args:
        kind: A dataclass, or anything that its fields may be annotated with.
        value: Plain JSON.
        where: What it is, for messages.

    Raises:
        RecordError: Something is missing or of another kind.
    """
    decoded: _T = _decode(kind, value, where)
    return decoded


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _decode(next(k for k in inner if k is not type(None)), value, where)
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return _dataclass(kind, value, where)
    if origin is Mapping and isinstance(value, dict):
        return {key: _decode(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if origin is tuple and isinstance(value, list):
        kinds = (inner[0],) * len(value) if inner[1:] == (...,) else inner
        if len(kinds) == len(value):
            return tuple(
                _decode(k, item, f"{where}[{i}]")
                for i, (k, item) in enumerate(zip(kinds, value, strict=True))
            )
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise RecordError(f"{where} is {value!r:.60}, which is not what belongs there.", REMEDY)


def _dataclass(kind: Any, value: dict[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(kind)
    given = {}
    for field in dataclasses.fields(kind):
        if field.name in value:
            given[field.name] = _decode(
                hints[field.name], value[field.name], f"{where}.{field.name}"
            )
        elif field.default is dataclasses.MISSING:
            raise RecordError(f"{where}.{field.name} is missing.", REMEDY)
    return kind(**given)
