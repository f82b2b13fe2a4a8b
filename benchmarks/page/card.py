"""The model card of the networks that are trained here."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.page.coverage import source_table, untrained
from benchmarks.page.markdown import fill, listed, plural, table
from benchmarks.page.measured import Measured
from posecheck.errors import LabelError
from posecheck.models import ModelFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LICENCES = Path(__file__).parent / "licences.toml"

TRAINED = "training/"
"""The manifest's `source` of a network that was trained here names this folder."""


def trained_models(models: Mapping[str, ModelFile]) -> list[ModelFile]:
    """Networks of the manifest that were trained here, not converted from others."""
    return [m for m in models.values() if TRAINED in str(m.entry.get("source", ""))]


def read_licences(file: Path, found: Measured) -> dict[str, str]:
    """Source -> the licence it states.

    Raises:
        LabelError: It is no TOML, or names a source that no label file has.
    """
    try:
        licences = tomllib.loads(file.read_text("utf-8")).get("licences", {})
    except (OSError, ValueError) as error:
        raise LabelError(f"{file} cannot be read: {error}", "Mend the file.") from error
    unknown = sorted(set(licences) - found.labels.sources)
    if unknown and len(found.labels):
        raise LabelError(
            f"{file}: no picture is of source {', '.join(unknown)}.", "Check the names there."
        )
    return {str(source): str(licence) for source, licence in licences.items()}


def model_card(found: Measured, licences: Mapping[str, str]) -> str:
    """The card, from the manifest, the label files and its template."""
    models = trained_models(found.models)
    trained = found.trained_on()
    others = [m for m in found.models.values() if m not in models]
    few = untrained(found) if len(trained) else []
    return fill(
        "card",
        names=listed([f"`{model.path.name}`" for model in models]),
        others=listed([f"`{model.path.name}`" for model in others]),
        models="\n\n".join(_entry(model) for model in models),
        crops=plural(len(trained.crops), "picture of one hand", "pictures of one hand"),
        groups=plural(len(trained.groups), "group photo"),
        sources=source_table(trained, licences) or "No label file was given.",
        few=listed(few),
    )


def _entry(model: ModelFile) -> str:
    """Everything that the manifest says of a network."""
    rows = [["sha256", f"`{model.sha256}`"]]
    for key, value in model.entry.items():
        if key not in ("sha256", "file"):
            rows += [[name, _plain(item)] for name, item in _flat(key, value)]
    lines = table(("", ""), rows)
    return f"**`{model.path.name}`**\n\n{lines}"


def _flat(key: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [(f"{key}: {name}", item) for name, item in value.items()]
    return [(key, value)]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)
