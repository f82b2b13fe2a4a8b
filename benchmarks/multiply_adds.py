"""Multiply-adds of each network: what benchmarks hold against the machine's peak.

    python -m benchmarks.multiply_adds

counts them again in the model files, which needs the onnx package.  Counted are the sums of
convolutions and matrix products; a floating-point operation is half a multiply-add.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from posecheck.models import manifest

PLAIN, SHIPPED = "palm_detection_prelu", "palm_detection"

MULTIPLY_ADDS: Mapping[str, int] = {
    PLAIN: 9161,
    SHIPPED: 8585,
    "glance": 22_118_976,
    "hand_landmark": 330_968_800,
    "gesture": 324_251_648,
}
"""A pixel of the picture for the palm networks, one crop or hand (both its views) for the others;
without the convolutions that stand for PReLU."""

PER_PIXEL = frozenset({PLAIN, SHIPPED})

SHAPES: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    PLAIN: {"image": (1, 640, 640, 3)},
    SHIPPED: {"image": (1, 640, 640, 3)},
    "glance": {"crops": (1, 96, 96, 3)},
    "hand_landmark": {"crops": (1, 224, 224, 3)},
    "gesture": {"features": (1, 2, 9408), "shape": (1, 2, 92)},
}
"""Of the inputs, where they are counted."""


def units(network: str, shape: tuple[int, ...]) -> int:
    """How many times `MULTIPLY_ADDS` a run takes.

    Args:
        network: Key in the manifest.
        shape: Of its first input.
    """
    return math.prod(shape[:3]) if network in PER_PIXEL else shape[0]


def count(network: str) -> float:
    """Multiply-adds as the model file has them, a pixel, crop or hand.

    Raises:
        ImportError: The onnx package is not installed.
        ValueError: The shape of a tensor cannot be told.
    """
    import onnx

    model = onnx.load(manifest()[network].path)
    for given in model.graph.input:
        shape = SHAPES[network][given.name]
        for dimension, size in zip(given.type.tensor_type.shape.dim, shape, strict=True):
            dimension.dim_value = size
    # Those that the file names were told for any size.
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        shapes[value.name] = tuple(d.dim_value for d in value.type.tensor_type.shape.dim)
    total = 0
    for node in graph.node:
        if node.op_type == "Conv":
            each = math.prod(shapes[node.input[1]][1:])
            if each == 1:  # one number a channel: a scaling, which stands for PReLU
                continue
        elif node.op_type in ("Gemm", "MatMul"):
            each = shapes[node.input[0]][-1]  # no Gemm of ours turns its first factor
        else:
            continue
        made = shapes[node.output[0]]
        if not made or 0 in made or not each:
            raise ValueError(f"{network}: the shape of {node.output[0]} cannot be told")
        total += math.prod(made) * each
    return total / units(network, next(iter(SHAPES[network].values())))


def main() -> None:
    """Count and print."""
    for network in MULTIPLY_ADDS:
        print(f"{network}: {count(network):,.2f}")


if __name__ == "__main__":
    main()
