"""What is installed is what belongs there, and the READMEs' commands are the tested ones."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

import posecheck

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    for target in ("sdist", "wheel"):
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
            cwd=repository,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    return folder


def manifest_files(repository: Path) -> set[str]:
    manifest = json.loads((repository / "models" / "manifest.json").read_text("utf-8"))
    return {entry["file"] for entry in manifest["models"].values()}


def test_the_wheel_holds_the_package_its_data_and_the_models(repository: Path, built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        assert "License-Expression: Apache-2.0" in wheel.read(metadata).decode()
    models = manifest_files(repository) | {"manifest.json", "NOTICE"}
    package = {
        path.relative_to(repository).as_posix()
        for path in (repository / "posecheck").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert held == package | {f"posecheck/models/{name}" for name in models}


def test_the_sdist_holds_models_tests_and_samples(repository: Path, built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        held = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert {f"models/{name}" for name in manifest_files(repository)} <= held
    assert {"models/NOTICE", "models/build.py", "LICENSE", "README.md", "cli.py"} <= held
    assert any(name.startswith("tests/") for name in held)
    assert any(name.startswith("samples/") and name.endswith(".jpg") for name in held)


def test_the_command_is_where_the_metadata_says(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, function = project["scripts"]["posecheck"].partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("way", [["cli.py"], ["-m", "posecheck"]])
def test_the_command_runs_from_a_checkout(repository: Path, way: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *way, "--version"], cwd=repository, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert posecheck.__version__ in done.stdout


@pytest.mark.parametrize("readme", ["README.md", "README.id.md"])
def test_the_readmes_name_the_tested_commands(repository: Path, readme: str) -> None:
    tests = (repository / ".ci" / "run").read_text("utf-8").splitlines()[-1]
    lines = (repository / readme).read_text("utf-8").splitlines()
    assert "pytest" in tests and tests in lines
    assert "pip install . && posecheck check samples/" in lines
