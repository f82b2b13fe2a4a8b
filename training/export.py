"""Stage 4: write the trained networks as `gesture.onnx` and record them in the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from posecheck.gesture.classifier import CLASSES
from training.crossval import Calibration
from training.network import FEATURE_WIDTH, SHAPE_WIDTH, GestureNetwork


class Graph:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: np.ndarray) -> str:
        """Add a constant."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add a node with one output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, prefix: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Y = x W^T + b on the last axis."""
        product = self.node("MatMul", [x, self.weight(f"{prefix}_w", weight.T)], f"{prefix}_mul")
        return self.node("Add", [product, self.weight(f"{prefix}_b", bias)], f"{prefix}_add")


def member(graph: Graph, model: GestureNetwork, index: int, calibration: Calibration) -> str:
    """Add one network; returns its probabilities.  Standardisation folds into layer one."""
    state = {k: v.detach().numpy().astype(np.float64) for k, v in model.state_dict().items()}
    hidden = []
    for name, part in (
        ("features", slice(0, FEATURE_WIDTH)),
        ("shape", slice(FEATURE_WIDTH, FEATURE_WIDTH + SHAPE_WIDTH)),
    ):
        weight = state[f"{name}.weight"] * state["scale"][part]
        bias = state[f"{name}.bias"] - weight @ state["mean"][part]
        y = graph.linear(f"{name}{index}", name, weight, bias)
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
    outputs = [member(graph, model, i, calibration) for i, model in enumerate(models)]
    graph.node("Mean", outputs, "probabilities")
    proto = helper.make_graph(
        graph.nodes,
        "gesture",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["hands", 2, width])
            for name, width in (("features", FEATURE_WIDTH), ("shape", SHAPE_WIDTH))
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
            "features": "float32 (hands, 2, 1152): hand_landmark's features of a hand's crop and "
            "of its mirror image",
            "shape": "float32 (hands, 2, 92): posecheck.gesture.shape.shape_vectors",
        },
        outputs={"probabilities": f"float32 (hands, {len(CLASSES)}), rows add up to 1"},
        classes=list(CLASSES),
        prior={"small": calibration.small, "large": calibration.large},
        sha256=hashlib.sha256(content).hexdigest(),
    )
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
