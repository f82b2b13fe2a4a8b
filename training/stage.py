"""The last stage of the landmark network as a module that can be trained and written back.

The landmark network was trained on far more hands than we have; its last stage (three blocks on
7x7 cells and a global average) is what turns "a hand bent like this" into landmarks.  Gestures
are read by a copy of it that starts from the same weights and is trained on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from posecheck.models import manifest

START, POOLED = "last_stage", "pooled"
CELLS = (192, 7, 7)


@dataclass(frozen=True)
class Step:
    """One operator of the stage: what it does and which values it takes and gives."""

    kind: str
    inputs: tuple[str, ...]
    output: str


class LastStage(nn.Module):
    """From cells (N, 192, 7, 7) to the pooled vector (N, 1152)."""

    def __init__(self) -> None:
        super().__init__()
        graph = onnx.load(manifest()["hand_landmark"].path).graph
        weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.steps: list[Step] = []
        self.convolutions = nn.ModuleDict()
        known = {START}
        for node in graph.node:
            values = tuple(name for name in node.input if name and name not in weights)
            if node.op_type == "Flatten" or not (values and set(values) <= known):
                continue
            output = node.output[0]
            if node.op_type == "Conv":
                self.convolutions[str(len(self.steps))] = _convolution(node, weights)
            elif node.op_type not in ("Clip", "Add", "GlobalAveragePool", "Squeeze"):
                break  # the linear layers of the landmarks
            known.add(output)
            self.steps.append(Step(node.op_type, values, output))
        self.to(memory_format=torch.channels_last)

    def forward(self, cells: torch.Tensor) -> torch.Tensor:
        """Pooled vector (N, 1152) of cells (N, 192, 7, 7)."""
        values = {START: cells.contiguous(memory_format=torch.channels_last)}
        for number, step in enumerate(self.steps):
            x = values[step.inputs[0]]
            if step.kind == "Conv":
                x = self.convolutions[str(number)](x)
            elif step.kind == "Clip":
                x = x.clamp(0, 6)
            elif step.kind == "Add":
                x = x + values[step.inputs[1]]
            elif step.kind == "GlobalAveragePool":
                x = x.mean((2, 3))
            values[step.output] = x
        return values[self.steps[-1].output]


def _convolution(node: onnx.NodeProto, weights: dict[str, np.ndarray]) -> nn.Conv2d:
    """The module of a convolution node: every one of the stage keeps the size."""
    kernel, bias = weights[node.input[1]], weights[node.input[2]]
    groups = next((a.i for a in node.attribute if a.name == "group"), 1)
    side = kernel.shape[2]
    made = nn.Conv2d(
        kernel.shape[1] * groups, kernel.shape[0], side, padding=side // 2, groups=groups
    )
    with torch.no_grad():
        made.weight.copy_(torch.from_numpy(kernel.copy()))
        made.bias.copy_(torch.from_numpy(bias.copy()))
    return made
