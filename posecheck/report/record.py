"""The JSON contract, one object a photo, and the way back.

Others read these objects: fields keep their names and order, and are only ever added.  A record
holds finite numbers only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from posecheck.errors import RecordError
from posecheck.results import (
    SCHEMA,
    HandResult,
    Level,
    PhotoResult,
    RuleStatus,
    Status,
    TwoHandReading,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Record = dict[str, Any]


def to_record(result: PhotoResult) -> Record:
    """The record of a photo, ready for `json`.

    Pixels and milliseconds are rounded to 0.1, the risk to 0.1, probabilities to 0.0001.

    Raises:
        ValueError: The result holds a number that is not finite.
    """
    return {
        "schema": SCHEMA,
        "path": result.path,
        "sha256": result.sha256,
        "status": result.status.value,
        "reason": result.reason,
        "width": int(result.width),
        "height": int(result.height),
        "captured_at": result.captured_at.isoformat() if result.captured_at else None,
        "risk": None if result.risk is None else _round(result.risk, 1),
        "level": None if result.level is None else result.level.value,
        "hands": [_hand_record(hand) for hand in result.hands],
        "readings": [_reading_record(reading) for reading in result.readings],
        "smallest_hand": _round(result.smallest_hand, 1),
        "contest": result.contest,
        "rules": result.rules,
        "models": dict(result.models),
        "elapsed_ms": _round(result.elapsed_ms, 1),
    }


def to_json(record: Record | list[Record], indent: int | None = None) -> str:
    """JSON text of a record or of many, readable as UTF-8.

    A file name that is not valid Unicode is escaped, so that the text can always be written and
    the name can be restored.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(record, ensure_ascii=True, allow_nan=False, indent=indent)
    return text


def from_record(record: Mapping[str, Any]) -> PhotoResult:
    """The result that a record was made from, up to rounding; unknown fields are ignored.

    Raises:
        RecordError: It is no record of a version that this posecheck reads.
    """
    if not isinstance(record, Mapping):
        raise RecordError("a result must be a JSON object", "Read one line, one result.")
    schema = record.get("schema")
    if schema != SCHEMA:
        raise RecordError(
            f"a result of schema {schema!r} cannot be read, only {SCHEMA!r}",
            "Check the photo again with this version of posecheck.",
        )
    try:
        return _photo(record)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RecordError(
            f"a result is damaged: {type(error).__name__}: {error}",
            "Check the photo again, or take the results from a fresh copy of the file.",
        ) from error


def _hand_record(hand: HandResult) -> Record:
    box = [_round(v, 1) for v in hand.box_xyxy]
    return {
        "box": box,
        "landmarks": [[_round(x, 1), _round(y, 1)] for x, y in hand.landmarks_xy],
        # Of the rounded box, so that the record of a result that was read back is the same again.
        "size": _round(max(box[2] - box[0], box[3] - box[1]), 1),
        "presence": _round(hand.presence, 4),
        "gesture": hand.gesture,
        "probability": _round(hand.probability, 4),
        "alternatives": [[name, _round(p, 4)] for name, p in hand.alternatives],
        "numbers": [int(n) for n in hand.numbers],
        "rule": hand.rule.value,
        "risk": _round(hand.risk, 1),
        "partner": hand.partner,
        "unclear": bool(hand.unclear),
        "effective_size": _round(hand.effective_size, 1),
    }


def _reading_record(reading: TwoHandReading) -> Record:
    return {
        "hands": list(reading.hands),
        "number": reading.number,
        "kind": reading.kind,
        "probability": _round(reading.probability, 4),
    }


def _round(value: Any, digits: int) -> float:
    """A plain float, never -0.0, so that equal results give equal text."""
    return round(_finite(value), digits) + 0.0


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, not {value!r:.60}")
    return value


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"a result must hold finite numbers, not {number}")
    return number


def _risk(value: Any) -> float:
    """A risk that has a level."""
    risk = _finite(value)
    if not 0 <= risk <= 100:
        raise ValueError(f"a risk is 0 to 100, not {risk}")
    return risk


def _photo(record: Mapping[str, Any]) -> PhotoResult:
    captured = record["captured_at"]
    status = Status(record["status"])
    risk = None if record["risk"] is None else _risk(record["risk"])
    level = None if record["level"] is None else Level(record["level"])
    # A photo that claims to be checked and has no verdict would read as clean further on.
    if (status is Status.CHECKED) != (risk is not None and level is not None):
        raise ValueError(f"status {status.value!r} does not go with risk {risk} and level {level}")
    return PhotoResult(
        path=str(record["path"]),
        sha256=str(record["sha256"]),
        status=status,
        reason=str(record["reason"]),
        width=int(record["width"]),
        height=int(record["height"]),
        captured_at=None if captured is None else datetime.fromisoformat(captured),
        risk=risk,
        level=level,
        hands=tuple(_hand(hand) for hand in record["hands"]),
        readings=tuple(_reading(reading) for reading in record["readings"]),
        smallest_hand=_finite(record["smallest_hand"]),
        contest=str(record["contest"]),
        rules=str(record["rules"]),
        models=tuple((str(name), str(digest)) for name, digest in record["models"].items()),
        elapsed_ms=_finite(record["elapsed_ms"]),
    )


def _hand(record: Mapping[str, Any]) -> HandResult:
    partner = record.get("partner")
    return HandResult(
        box_xyxy=_array(record["box"], (4,)),
        landmarks_xy=_array(record["landmarks"], (21, 2)),
        presence=_finite(record["presence"]),
        gesture=str(record["gesture"]),
        probability=_finite(record["probability"]),
        alternatives=tuple((str(name), _finite(p)) for name, p in record["alternatives"]),
        numbers=tuple(int(n) for n in record["numbers"]),
        rule=RuleStatus(record["rule"]),
        risk=_risk(record["risk"]),
        partner=None if partner is None else int(partner),
        # Records that were written before there were these fields are read as well.
        unclear=_flag(record.get("unclear", False)),
        effective_size=_finite(record.get("effective_size", 0.0)),
    )


def _reading(record: Mapping[str, Any]) -> TwoHandReading:
    first, second = record["hands"]
    return TwoHandReading(
        hands=(int(first), int(second)),
        number=int(record["number"]),
        kind=str(record["kind"]),
        probability=_finite(record["probability"]),
    )


def _array(values: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    # NumPy is not needed to write records or text, and costs a third of the start-up time.
    import numpy as np

    array = np.asarray(values, np.float32)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"expected finite numbers of shape {shape}, not {values!r:.60}")
    return array
