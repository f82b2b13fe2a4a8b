"""Stage 4: write the trained networks as `gesture.onnx` and record them in the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from posecheck.gesture.classifier import CLASSES
from posecheck.hands.types import FEATURES
from training.crossval import Calibration
from training.network import POOLED_WIDTH, SHAPE_WIDTH, GestureNetwork
from training.stage import CELLS, START


class Graph:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: np.ndarray) -> str:
        """Add a constant."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def sizes(self, name: str, values: tuple[int, ...]) -> None:
        """Add a shape to reshape to."""
        self.weights.append(numpy_helper.from_array(np.array(values, np.int64), name))

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add a node with one output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, prefix: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Y = x W^T + b on the last axis."""
        product = self.node("MatMul", [x, self.weight(f"{prefix}_w", weight.T)], f"{prefix}_mul")
        return self.node("Add", [product, self.weight(f"{prefix}_b", bias)], f"{prefix}_add")


def stage(graph: Graph, model: GestureNetwork, index: int) -> str:
    """Add a network's copy of the last stage; returns its pooled vector (hands, 2, 1152)."""
    names = {START: "cells"}
    for number, step in enumerate(model.stage.steps):
        inputs = [names[name] for name in step.inputs]
        output = names[step.output] = f"stage{index}_{number}"
        if step.kind == "Conv":
            made = model.stage.convolutions[str(number)]
            weights = {"kernel": made.weight, "bias": made.bias}
            inputs += [
                graph.weight(f"{output}_{key}", value.detach().numpy().copy(order="C"))
                for key, value in weights.items()
            ]
            pads = [made.padding[0]] * 4
            graph.node("Conv", inputs, output, pads=pads, group=made.groups)
        elif step.kind == "Clip":
            graph.node("Clip", [*inputs, "low", "high"], output)
        elif step.kind in ("Add", "GlobalAveragePool"):
            graph.node(step.kind, inputs, output)
        else:
            graph.node("Reshape", [*inputs, "pair_shape"], output)
    return output


def member(graph: Graph, model: GestureNetwork, index: int, calibration: Calibration) -> str:
    """Add one network; returns its probabilities.  Standardisation folds into layer one."""
    state = {k: v.detach().numpy().astype(np.float64) for k, v in model.state_dict().items()}
    hidden = []
    sources = {"features": stage(graph, model, index), "shape": "shape"}
    for name, statistics in (("features", "pooled"), ("shape", "shape")):
        weight = state[f"{name}.weight"] * state[f"{statistics}_scale"]
        bias = state[f"{name}.bias"] - weight @ state[f"{statistics}_mean"]
        y = graph.linear(f"{name}{index}", sources[name], weight, bias)
        hidden.append(graph.node("Relu", [y], f"{name}{index}_relu"))
    joined = graph.node("Concat", hidden, f"joined{index}", axis=2)
    y = graph.linear(f"middle{index}", joined, state["middle.weight"], state["middle.bias"])
    y = graph.node("Relu", [y], f"middle{index}_relu")
    y = graph.linear(
        f"last{index}",
        y,
        state["last.weight"] / calibration.temperature,
        state["last.bias"] / calibration.temperature,
    )
    y = graph.node("ReduceMean", [y], f"logits{index}", axes=[1], keepdims=0)
    return graph.node("Softmax", [y], f"soft{index}", axis=1)


def build(models: list[GestureNetwork], calibration: Calibration) -> onnx.ModelProto:
    """The ensemble as one graph: features and shape in, probabilities out."""
    graph = Graph()
    graph.weight("low", np.array(0))
    graph.weight("high", np.array(6))
    graph.sizes("cell_shape", (-1, *CELLS))
    graph.sizes("pair_shape", (-1, 2, POOLED_WIDTH))
    graph.node("Reshape", ["features", "cell_shape"], "cells")
    outputs = [member(graph, model, i, calibration) for i, model in enumerate(models)]
    graph.node("Mean", outputs, "probabilities")
    proto = helper.make_graph(
        graph.nodes,
        "gesture",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["hands", 2, width])
            for name, width in (("features", FEATURES), ("shape", SHAPE_WIDTH))
        ],
        [
            helper.make_tensor_value_info(
                "probabilities", TensorProto.FLOAT, ["hands", len(CLASSES)]
            )
        ],
        graph.weights,
    )
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8  # read by every onnxruntime since 1.10
    onnx.checker.check_model(model, full_check=True)
    return model


def save(
    models: list[GestureNetwork], calibration: Calibration, folder: Path, version: str
) -> None:
    """Write `gesture.onnx` and its entry in `manifest.json`."""
    content = build(models, calibration).SerializeToString()
    (folder / "gesture.onnx").write_bytes(content)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["models"]["gesture"].update(
        version=version,
        inputs={
            "features": f"float32 (hands, 2, {FEATURES}): hand_landmark's features of a crop and "
            "of its mirror image",
            "shape": "float32 (hands, 2, 92): posecheck.gesture.shape.shape_vectors",
        },
        outputs={"probabilities": f"float32 (hands, {len(CLASSES)}), rows add up to 1"},
        classes=list(CLASSES),
        prior={"small": calibration.small, "large": calibration.large},
        sha256=hashlib.sha256(content).hexdigest(),
    )
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
