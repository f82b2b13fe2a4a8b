"""A recipe has another fingerprint exactly when it may give other results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from posecheck.casefile import recipe as module
from posecheck.casefile.recipe import canonical, keep_recipe, make_recipe, read_recipe
from posecheck.casefile.types import Recipe
from posecheck.models import manifest
from posecheck.opening import Limits
from posecheck.results import RuleStatus
from posecheck.risk.contest import Contest, Phase, load_contest
from posecheck.risk.rules import RuleSet, load_rules
from tests.casefile.made import quick_case

CONTEST, RULES = load_contest("generic"), load_rules("strict")


def made(
    contest: Contest = CONTEST,
    rules: RuleSet = RULES,
    backend: str = "onnx",
    limits: Limits | None = None,
    runtime: str = "onnxruntime",
) -> Recipe:
    return make_recipe(contest, rules, backend, limits or Limits(), runtime)


def test_the_same_settings_are_the_same_recipe() -> None:
    backwards = replace(CONTEST, symbols=dict(reversed(list(CONTEST.symbols.items()))))
    assert made() == made(load_contest("generic"), load_rules("strict")) == made(backwards)


@pytest.mark.parametrize(
    "other",
    [
        lambda: made(replace(CONTEST, id="kota")),
        lambda: made(replace(CONTEST, symbols={**CONTEST.symbols, "fist": (1,)})),
        lambda: made(replace(CONTEST, numbers=(*CONTEST.numbers, 99))),
        lambda: made(
            replace(CONTEST, phases=(Phase("tenang", date(2024, 2, 11), date(2024, 2, 13)),))
        ),
        lambda: made(rules=replace(RULES, id="lain")),
        lambda: made(rules=replace(RULES, statuses={**RULES.statuses, "palm": RuleStatus.ALLOWED})),
        lambda: made(backend="mediapipe"),
        lambda: made(runtime="openvino"),
        *[
            lambda name=each.name: made(limits=replace(Limits(), **{name: 1}))
            for each in fields(Limits)
        ],
    ],
)
def test_whatever_may_change_a_result_is_another_recipe(other: Callable[[], Recipe]) -> None:
    assert RULES.statuses["palm"] is not RuleStatus.ALLOWED
    assert other().fingerprint != made().fingerprint


@pytest.mark.parametrize("name", ["palm_detection", "hand_landmark", "gesture"])
def test_another_model_is_another_recipe(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = made()
    assert name in before.details["models"]
    swapped: dict[str, Any] = {**manifest(), name: replace(manifest()[name], sha256="0" * 64)}
    monkeypatch.setattr(module, "manifest", lambda: MappingProxyType(swapped))
    assert made().fingerprint != before.fingerprint


def test_the_models_are_those_that_the_runtime_runs() -> None:
    others = set(made(runtime="openvino").details["models"])
    assert set(made().details["models"]) ^ others == {"palm_detection", "palm_detection_prelu"}


def test_another_pipeline_is_another_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made()
    monkeypatch.setattr(module, "PIPELINE", module.PIPELINE + 1)
    assert made().fingerprint != before.fingerprint


def test_another_version_is_the_same_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made()
    monkeypatch.setattr(module, "__version__", "99.0")
    assert made().fingerprint == before.fingerprint
    assert made().version == "99.0"


def test_recipes_are_kept_once(tmp_path: Path) -> None:
    one = made()
    # Through JSON, tuples become lists; everything else is as it was.
    other, newer = replace(one, fingerprint="other"), replace(one, version="99.0")
    with quick_case(tmp_path / "a.posecheck") as case:
        numbers = [keep_recipe(case.connection, each) for each in (one, other, newer, one, newer)]
        assert numbers == [1, 2, 3, 1, 3]
        for number, each in zip(numbers, (one, other, newer), strict=False):
            back = read_recipe(case.connection, number)
            assert canonical(back.details) == canonical(each.details)
            assert replace(back, details={}) == replace(each, details={})
