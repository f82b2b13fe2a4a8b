"""Rewrite the palm detector so that onnxruntime runs it in one piece, in its blocked layout.

    python models/blocked.py palm_detection_prelu.onnx palm_detection.onnx

onnxruntime convolves 8 or 16 channels at a time ("NCHWc").  Every operator that does not know the
layout costs two reorderings, and most of this network's operators are neighbours of one: PRelu
above all, but also the Pad that doubles channels, and any sum of tensors whose sizes it cannot
prove equal.  All are written here as operators that know it, some work is done on fewer numbers,
and the answers stay the same to rounding; `benchmarks/palm_network.py` measures both.

Runs inside the environment that `build.py` makes (needs `onnx` and nothing else).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

HEADS = {"boxes": 18, "logits": 1, "hand_logits": 1}
"""The outputs, and their numbers an anchor."""


class Graph:
    """A graph whose nodes need not be in order until it is written.

    Attributes:
        nodes: The nodes; change them at will.
        constants: Constants by name.
    """

    def __init__(self, model: ModelProto) -> None:
        self._model = model
        self.nodes: list[NodeProto] = list(model.graph.node)
        self.constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node; returns the name of its output."""
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def constant(self, name: str, array: np.ndarray) -> str:
        """Add a constant, float64 as float32; returns its name."""
        kind = np.float32 if array.dtype == np.float64 else array.dtype
        self.constants[name] = np.ascontiguousarray(array, kind)
        return name

    def maker(self, tensor: str) -> NodeProto | None:
        """The node that makes a tensor; None of inputs and constants."""
        return next((node for node in self.nodes if tensor in node.output), None)

    def input_maker(self, node: NodeProto, number: int) -> NodeProto:
        """The node that makes an input which is no constant."""
        found = self.maker(node.input[number])
        assert found, node
        return found

    def users(self, tensor: str) -> list[NodeProto]:
        """The nodes that take a tensor."""
        return [node for node in self.nodes if tensor in node.input]

    def of_kind(self, operator: str) -> list[NodeProto]:
        """The nodes of an operator, as a list that does not change with the graph."""
        return [node for node in self.nodes if node.op_type == operator]

    def drop(self, *nodes: NodeProto) -> None:
        """Remove nodes."""
        gone = {id(node) for node in nodes}
        self.nodes = [node for node in self.nodes if id(node) not in gone]

    def weights(self, conv: NodeProto) -> tuple[np.ndarray, np.ndarray]:
        """Weights (out, in / groups, height, width) and bias (out) of a convolution."""
        weight, bias = (self.constants[name] for name in conv.input[1:3])
        return weight, bias

    def finished(self) -> ModelProto:
        """The model, its nodes in order, without constants that nothing uses."""
        used = {name for node in self.nodes for name in node.input}
        kept = {name: array for name, array in self.constants.items() if name in used}
        known = {"", *kept, *(value.name for value in self._model.graph.input)}
        ordered: list[NodeProto] = []
        waiting = self.nodes
        while waiting:
            ready = [node for node in waiting if known.issuperset(node.input)]
            assert ready, "the graph has a circle or a tensor that nothing makes"
            known.update(name for node in ready for name in node.output)
            ordered += ready
            gone = {id(node) for node in ready}
            waiting = [node for node in waiting if id(node) not in gone]
        graph = self._model.graph
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(ordered)
        graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in kept.items())
        return self._model


def widen_by_concat(graph: Graph) -> None:
    """Where a block doubles the channels, add what there is to add to the first half only.

    MediaPipe pads the other branch with channels of zeros: Pad does not know the layout.
    """
    for pad in graph.of_kind("Pad"):
        (add,) = graph.users(pad.output[0])
        conv = graph.input_maker(add, 1 if add.input[0] == pad.output[0] else 0)
        weight, bias = graph.weights(conv)
        half, wide = len(bias) // 2, add.output[0]
        for part, rows in (("lower", slice(half)), ("upper", slice(half, None))):
            inputs = [
                conv.input[0],
                graph.constant(f"{wide}_{part}_weight", weight[rows]),
                graph.constant(f"{wide}_{part}_bias", bias[rows]),
            ]
            graph.add("Conv", inputs, f"{wide}_{part}")
        graph.add("Add", [pad.input[0], f"{wide}_lower"], f"{wide}_sum")
        graph.add("Concat", [f"{wide}_sum", f"{wide}_upper"], wide, axis=1)
        graph.drop(pad, add, conv)


def pad_to_size(graph: Graph) -> None:
    """Pad at the far edges until a step of 2 halves the size without looking at the numbers.

    onnxruntime sums two tensors in the blocked layout if it knows that their sizes are equal, and
    follows sizes only where the padding is the kernel less one.  All sizes here are even, so the
    added pixels are never looked at.
    """
    for node in graph.nodes:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if list(attributes.get("strides", [])) != [2, 2]:
            continue
        before = list(attributes.get("pads", [0, 0, 0, 0]))[:2]
        after = [k - 1 - p for k, p in zip(attributes["kernel_shape"], before, strict=True)]
        kept = [a for a in node.attribute if a.name != "pads"]
        del node.attribute[:]
        node.attribute.extend([*kept, helper.make_attribute("pads", before + after)])


def mix_before_resize(graph: Graph) -> None:
    """Let 1x1 convolutions that follow an enlargement precede it, on a quarter of the cells.

    Interpolation weights sum to one at the edges too, so the bias comes out the same.
    """
    for resize in graph.of_kind("Resize"):
        (conv,) = graph.users(resize.output[0])
        small, between, large = resize.input[0], resize.output[0], conv.output[0]
        conv.input[0], conv.output[0] = small, between
        resize.input[0], resize.output[0] = between, large


def merge_heads(graph: Graph) -> None:
    """Compute boxes and both scores of a scale in one convolution.

    A convolution of 2 channels costs as much as one of 16.
    """
    width = sum(HEADS.values())
    graph.constant("anchors_all", np.array([0, -1, width], np.int64))
    concats = {name: graph.maker(name) for name in HEADS}
    scales = []
    for scale in (0, 1):
        weights, biases, old = [], [], []
        for name, numbers in HEADS.items():
            concat = concats[name]
            assert concat
            reshape = graph.input_maker(concat, scale)
            transpose = graph.input_maker(reshape, 0)
            conv = graph.input_maker(transpose, 0)
            old += [reshape, transpose, conv]
            weight, bias = graph.weights(conv)
            weights.append(weight.reshape(len(bias) // numbers, numbers, -1))
            biases.append(bias.reshape(-1, numbers))
        features, prefix = old[-1].input[0], f"head{scale}"
        weight, bias = np.concatenate(weights, 1), np.concatenate(biases, 1)
        inputs = [
            features,
            graph.constant(f"{prefix}_weight", weight.reshape(bias.size, -1, 1, 1)),
            graph.constant(f"{prefix}_bias", bias.reshape(-1)),
        ]
        graph.drop(*old)
        graph.add("Conv", inputs, f"{prefix}_map")
        graph.add("Transpose", [f"{prefix}_map"], f"{prefix}_cells", perm=[0, 2, 3, 1])
        scales.append(graph.add("Reshape", [f"{prefix}_cells", "anchors_all"], f"{prefix}_anchors"))
    graph.drop(*(node for node in concats.values() if node))
    graph.add("Concat", scales, "anchors", axis=1)
    split = graph.constant("widths", np.array(list(HEADS.values()), np.int64))
    graph.nodes.append(helper.make_node("Split", ["anchors", split], list(HEADS), axis=2))


def negatable(graph: Graph, tensor: str) -> bool:
    """Whether any channel of a tensor may be stored with its sign turned.

    That takes users that are convolutions, whose weights can turn it back, or sums with a
    convolution, whose weights can turn it too, on the way to a PRelu, which can turn it back.
    """
    for user in graph.users(tensor):
        if user.op_type == "Add":
            (other,) = (name for name in user.input if name != tensor)
            maker = graph.maker(other)
            after = [node.op_type for node in graph.users(user.output[0])]
            once = len(graph.users(other)) == 1
            if not maker or maker.op_type != "Conv" or after != ["PRelu"] or not once:
                return False
        elif user.op_type != "Conv":
            return False
    return True


def negate(graph: Graph, tensor: str, sign: np.ndarray) -> dict[str, np.ndarray]:
    """Tell the users of a tensor which of its channels are negative.

    Args:
        graph: Where it is.
        tensor: A tensor that is `negatable`.
        sign: (channels), 1 or -1.

    Returns:
        The signs of the sums that it is a part of.
    """
    sums = {}
    for user in graph.users(tensor):
        conv, shape = user, (1, -1, 1, 1)
        if user.op_type == "Add":
            (other,) = (name for name in user.input if name != tensor)
            sums[user.output[0]] = sign
            made = graph.maker(other)
            assert made
            conv, shape = made, (-1, 1, 1, 1)
            bias = graph.weights(conv)[1] * sign
            conv.input[2] = graph.constant(f"{tensor}_turned_{conv.input[2]}", bias)
        elif graph.weights(conv)[0].shape[:2] == (len(sign), 1):
            shape = (-1, 1, 1, 1)  # depthwise
        weight = graph.weights(conv)[0] * sign.reshape(shape)
        conv.input[1] = graph.constant(f"{tensor}_turned_{conv.input[1]}", weight)
    return sums


def scale_channels(graph: Graph, tensor: str, factors: np.ndarray, output: str) -> str:
    """Multiply channels by factors, as a depthwise 1x1 convolution; returns `output`.

    That is what the blocked layout has; and a sum with its result is computed along with it.
    """
    weight = graph.constant(f"{output}_weight", factors.reshape(-1, 1, 1, 1))
    return graph.add("Conv", [tensor, weight], output, group=len(factors))


def unroll_prelu(graph: Graph) -> None:
    """Rewrite every PRelu as a*x + Relu((1-a)*x), two passes over the numbers.

    True where the slope a is at most 1.  Channels with steeper ones are stored negated, which makes
    convex what was concave; where that cannot be, a*x + (1-a)*Relu(x) is one pass more.
    """
    signs: dict[str, np.ndarray] = {}
    for prelu in graph.of_kind("PRelu"):
        x, y = prelu.input[0], prelu.output[0]
        slope = graph.constants[prelu.input[1]].astype(np.float64).reshape(-1)
        before = signs.get(x, np.ones_like(slope))
        turn = negatable(graph, y)
        after = np.where(turn & (slope > 1), -1.0, 1.0)
        # What becomes of 1 and of -1, as they are stored.
        up = after * np.where(before > 0, 1, -slope)
        down = after * np.where(before > 0, -slope, 1)
        bend = up + down
        if (after < 0).any():
            signs |= negate(graph, y, after)
        graph.drop(prelu)
        if (bend >= 0).all():
            bent = graph.add("Relu", [scale_channels(graph, x, bend, f"{y}_bend")], f"{y}_bent")
        else:
            bent = scale_channels(graph, graph.add("Relu", [x], f"{y}_relu"), bend, f"{y}_bent")
        straight = scale_channels(graph, x, -down, f"{y}_straight")
        graph.add("Add", [straight, bent], y)


def blocked(model: ModelProto) -> ModelProto:
    """The palm detector of `surgery.py`, rewritten; inputs and outputs stay as they are."""
    graph = Graph(model)
    widen_by_concat(graph)
    pad_to_size(graph)
    mix_before_resize(graph)
    merge_heads(graph)
    unroll_prelu(graph)
    return graph.finished()


def main() -> None:
    """Rewrite one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="made by surgery.py")
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    model = blocked(onnx.load(args.source))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, args.target)


if __name__ == "__main__":
    main()
