"""Turn tf2onnx's conversions into the graphs that posecheck runs.

Runs inside the environment that `build.py` makes (needs `onnx`).  MediaPipe's weights are not
touched; the palm detector gets a second score of ours.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

PALM_HEAD = Path(__file__).with_name("palm_head.npz")
"""Weights of the palm detector's second score, ours."""

IR_VERSION = 8  # read by every onnxruntime since 1.10

CELL_CHANNELS = 192
"""Channels of the landmark network's last stage, which no other stage has."""

CELLS = "last_stage"
"""Name of the tensor that the last stage begins with; training/ copies what follows it."""


def rename(model: ModelProto, names: dict[str, str]) -> None:
    """Rename tensors of the graph in place."""
    graph = model.graph
    for node in graph.node:
        node.input[:] = [names.get(n, n) for n in node.input]
        node.output[:] = [names.get(n, n) for n in node.output]
    for value in (*graph.input, *graph.output):
        value.name = names.get(value.name, value.name)


def set_io(model: ModelProto, kind: str, shapes: dict[str, list[int | str]]) -> None:
    """Declare the shapes of the graph's inputs or outputs (`kind`: "input" or "output")."""
    values = getattr(model.graph, kind)
    del values[:]
    for name, shape in shapes.items():
        values.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def set_initializer(model: ModelProto, name: str, array: np.ndarray) -> None:
    """Add an initializer."""
    model.graph.initializer.append(numpy_helper.from_array(array, name))


def add_second_score(model: ModelProto, head: dict[str, np.ndarray]) -> None:
    """Score anchors once more, by the linear layers that training/palm_head.py trained.

    The second logit is factor * first + weights @ features + bias.  The first is linear in the
    same features, so both scores are one convolution each.
    """
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    made = {output: node for node in model.graph.node for output in node.output}
    parts = []
    for number, reshaped in enumerate(made["logits"].input):
        first = made[made[made[reshaped].input[0]].input[0]]
        weight, bias = (constants[name] for name in first.input[1:3])
        extra = head["stride8" if number == 0 else "stride16"].reshape(1, -1, 1, 1)
        rows = slice(0, 2) if number == 0 else slice(2, 8)
        factor = head["factor"][number]
        name = {k: f"second{number}_{k}" for k in ("weight", "bias", "map", "cells", "logits")}
        set_initializer(model, name["weight"], (factor * weight + extra).astype(np.float32))
        set_initializer(
            model, name["bias"], (factor * bias + head["bias"][rows]).astype(np.float32)
        )
        inputs = [first.input[0], name["weight"], name["bias"]]
        model.graph.node.extend(
            [
                helper.make_node("Conv", inputs, [name["map"]]),
                helper.make_node("Transpose", [name["map"]], [name["cells"]], perm=[0, 2, 3, 1]),
                helper.make_node("Reshape", [name["cells"], "anchors_1"], [name["logits"]]),
            ]
        )
        parts.append(name["logits"])
    model.graph.node.append(helper.make_node("Concat", parts, ["hand_logits"], axis=1))


def palm(model: ModelProto) -> ModelProto:
    """Make the palm detector fully convolutional.

    The converted graph bakes 192x192 into its two Resize nodes (sizes or scales for 6 -> 12 ->
    24 cells) and its four Reshape nodes (anchor counts).  With scales of 2 and a free anchor
    dimension it takes any height and width divisible by 64.

    Outputs: `boxes` (1, A, 18) and `logits` (1, A, 1), A = 2 anchors a cell at stride 8, then
    6 a cell at stride 16, row by row; and `hand_logits`, see `add_second_score`.
    """
    set_initializer(model, "scales_x2", np.array([1, 1, 2, 2], np.float32))
    for width in (1, 18):
        set_initializer(model, f"anchors_{width}", np.array([0, -1, width], np.int64))
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Resize":
            node.input[:] = [node.input[0], "", "scales_x2"]
        elif node.op_type == "Reshape":
            node.input[1] = f"anchors_{int(constants[node.input[1]][-1])}"
    rename(model, {"input_1": "image", "Identity": "boxes", "Identity_1": "logits"})
    add_second_score(model, dict(np.load(PALM_HEAD)))
    set_io(model, "input", {"image": [1, "height", "width", 3]})
    widths = {"boxes": 18, "logits": 1, "hand_logits": 1}
    set_io(model, "output", {name: [1, "anchors", w] for name, w in widths.items()})
    return model


def face(model: ModelProto) -> ModelProto:
    """Let the face detector take any number of windows of any size, and pixels like the others.

    Its Resize nodes scale by 2 as they are; only its two Reshape nodes bake in one picture of
    192x192.  It was trained on -1 to 1, which the graph now makes of 0 to 1 by itself.

    Outputs: `boxes` (N, A, 16) and `logits` (N, A, 1), one anchor a cell at stride 4, row by row.
    """
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for width in (1, 16):
        set_initializer(model, f"anchors_{width}", np.array([0, -1, width], np.int64))
    for node in model.graph.node:
        if node.op_type == "Reshape":
            node.input[1] = f"anchors_{int(constants[node.input[1]][-1])}"
    rename(model, {"input_1": "centred", "Identity": "boxes", "Identity_1": "logits"})
    for name, value in (("two", 2.0), ("one", 1.0)):
        set_initializer(model, name, np.array(value, np.float32))
    model.graph.node.insert(0, helper.make_node("Sub", ["doubled", "one"], ["centred"]))
    model.graph.node.insert(0, helper.make_node("Mul", ["windows", "two"], ["doubled"]))
    set_io(model, "input", {"windows": ["batch", "height", "width", 3]})
    widths = {"boxes": 16, "logits": 1}
    set_io(model, "output", {name: ["batch", "anchors", w] for name, w in widths.items()})
    return model


def landmark(model: ModelProto) -> ModelProto:
    """Free the batch dimension of the landmark network and expose the input of its last stage.

    The network ends in three blocks on 7x7 cells of 192 channels, a global average pool and four
    linear layers.  Gestures are read from those cells by a copy of the last stage that was
    trained for it (training/), so they become a fifth output, flattened.
    """
    shapes = {i.name: tuple(i.dims) for i in model.graph.initializer}
    cells = next(
        node.output[0]
        for node in model.graph.node
        if node.op_type == "Conv" and shapes[node.input[1]][0] == CELL_CHANNELS
    )
    model.graph.node.append(helper.make_node("Flatten", [cells], ["features"], axis=1))
    rename(
        model,
        {
            "input_1": "crops",
            "Identity": "landmarks",
            "Identity_1": "presence",
            "Identity_2": "handedness",
            "Identity_3": "world_landmarks",
            cells: CELLS,
        },
    )
    set_io(model, "input", {"crops": ["batch", 224, 224, 3]})
    widths = {"landmarks": 63, "presence": 1, "handedness": 1, "world_landmarks": 63}
    widths["features"] = CELL_CHANNELS * 7 * 7
    set_io(model, "output", {k: ["batch", w] for k, w in widths.items()})
    return model


def finish(model: ModelProto, path: Path) -> None:
    """Drop what is unused, check the graph and write it."""
    used = {name for node in model.graph.node for name in node.input}
    kept = [i for i in model.graph.initializer if i.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    del model.graph.value_info[:]
    model.ir_version = IR_VERSION
    model.producer_name = "posecheck models/build.py (tf2onnx 1.17.0)"
    model.doc_string = "Converted from MediaPipe 0.10.21, Apache-2.0; see NOTICE."
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def main() -> None:
    """Rewrite one converted model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("palm", "landmark", "face"))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    rewrite = {"palm": palm, "landmark": landmark, "face": face}[args.kind]
    finish(rewrite(onnx.load(args.source)), args.target)


if __name__ == "__main__":
    main()
