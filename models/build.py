"""Rebuild the models that come from MediaPipe: four .onnx files and one .task bundle.

    python3.11 models/build.py

Downloads the mediapipe 0.10.21 wheel (checked against its sha256; the last version that ships
model files), makes a throw-away environment from `build-requirements.txt`, converts the three
.tflite files with tf2onnx (the face detector's after `densify.py`), rewrites the graphs
(`surgery.py`; the palm detector's once more, `blocked.py`), packs the unchanged .tflite files of
hands into `hand_landmarker.task` for the mediapipe backend, and updates `manifest.json`.
Needs CPython 3.11 on Linux x86-64 and about 2 GB of disk.  `gesture.onnx` is trained, not
converted: see training/README.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
SOURCES = {
    "palm_detection": ("palm", "mediapipe/modules/palm_detection/palm_detection_full.tflite"),
    "palm_detection_prelu": ("palm", "mediapipe/modules/palm_detection/palm_detection_full.tflite"),
    "hand_landmark": ("landmark", "mediapipe/modules/hand_landmark/hand_landmark_full.tflite"),
    "face_detection": (
        "face",
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
    ),
}
SPARSE = ("face_detection",)
"""Models whose weights are stored sparsely, see `densify.py`."""

BLOCKED = ("palm_detection",)
"""Models rewritten once more for onnxruntime's layout, see `blocked.py`."""

BUNDLE = "hand_landmarker"
BUNDLE_MEMBERS = {
    "hand_detector.tflite": "palm_detection",
    "hand_landmarks_detector.tflite": "hand_landmark",
}
"""What mediapipe's HandLandmarker calls the files in its bundle, and what we call them."""

ALIGNMENT = 16
"""Files in the bundle start at multiples of this, so that TensorFlow Lite can map them."""

LOCAL_HEADER = 30
"""Bytes before the name of a file in a zip."""


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*command: str | Path) -> None:
    """Run a command, quietly for TensorFlow, and stop at the first that fails."""
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([str(part) for part in command], check=True, env=environment)


def download_wheel(folder: Path) -> Path:
    """Fetch the pinned wheel and verify it.

    Raises:
        SystemExit: The wheel is not the one that was pinned.
    """
    run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder),
        *("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"),
        WHEEL,
    )
    wheel = next(folder.glob("mediapipe-*.whl"))
    if sha256(wheel) != WHEEL_SHA256:
        raise SystemExit(f"{wheel.name} is not the wheel that was pinned: do not use it")
    return wheel


def make_environment(folder: Path) -> Path:
    """A virtual environment with the converters; returns its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-r", HERE / "build-requirements.txt")
    return python


def build_task_bundle(tflites: dict[str, Path], target: Path) -> None:
    """Pack .tflite files into the zip that mediapipe's HandLandmarker loads.

    The same files give the same bytes: nothing is compressed, dates and rights are fixed.

    Args:
        tflites: The .tflite files by the names of `SOURCES`.
        target: The .task file to write.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, source in BUNDLE_MEMBERS.items():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            # Padding in an extra field of the local header, as Android's zipalign does it.
            start = bundle.start_dir + LOCAL_HEADER + len(name) + 6
            padding = -start % ALIGNMENT
            member.extra = struct.pack("<HHH", 0xD935, 2 + padding, ALIGNMENT) + bytes(padding)
            bundle.writestr(member, tflites[source].read_bytes())


def update_manifest(digests: dict[str, dict[str, str]]) -> None:
    """Write the new digests into `manifest.json`; everything else in it is written by hand."""
    path = HERE / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name, entry in digests.items():
        manifest["models"][name].update(entry)
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Download, convert, rewrite, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the files")
    args = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("TensorFlow 2.15 is pinned for CPython 3.11: run this with python3.11")
    digests = {}
    tflites = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wheel = download_wheel(folder)
        python = make_environment(folder / "environment")
        for name, (kind, member) in SOURCES.items():
            with zipfile.ZipFile(wheel) as archive:
                tflite = tflites[name] = Path(archive.extract(member, folder))
            converted = folder / f"{name}.onnx"
            target = args.out / f"{name}.onnx"
            readable = tflite
            if name in SPARSE:
                readable = folder / f"{name}.dense.tflite"
                run(python, HERE / "densify.py", tflite, readable)
            run(
                *(python, "-m", "tf2onnx.convert", "--opset", "17"),
                *("--tflite", readable, "--output", converted),
            )
            run(python, HERE / "surgery.py", kind, converted, target)
            if name in BLOCKED:
                run(python, HERE / "blocked.py", target, target)
            digests[name] = {"sha256": sha256(target), "source_sha256": sha256(tflite)}
        target = args.out / f"{BUNDLE}.task"
        build_task_bundle(tflites, target)
        digests[BUNDLE] = {"sha256": sha256(target)}
    if args.out == HERE:
        update_manifest(digests)
    print(json.dumps(digests, indent=2))


if __name__ == "__main__":
    main()
