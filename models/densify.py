"""Rewrite a .tflite file whose weights are stored sparsely, so that tf2onnx can read it.

Runs inside the environment that `build.py` makes.  tf2onnx knows no DENSIFY operator, and reading
a sparse tensor's details crashes TensorFlow 2.15.  TensorFlow Lite itself unpacks the weights here;
they are put in the place of the sparse ones, and the operators that unpacked them go.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import flatbuffers
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

IDENTIFIER = b"TFL3"
"""Marks a flatbuffer as a TensorFlow Lite model."""


def densify(content: bytes) -> bytes:
    """The same network without sparse tensors."""
    interpreter = tf.lite.Interpreter(
        model_content=content,
        experimental_preserve_all_tensors=True,
        # The default delegate would swallow the tensors that are read below.
        experimental_op_resolver_type=(
            tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        ),
    )
    interpreter.allocate_tensors()
    interpreter.invoke()
    model = schema.ModelT.InitFromPackedBuf(bytearray(content), 0)
    (graph,) = model.subgraphs
    codes = [code.builtinCode for code in model.operatorCodes]
    instead, kept = {}, []
    for operator in graph.operators:
        if codes[operator.opcodeIndex] != schema.BuiltinOperator.DENSIFY:
            kept.append(operator)
            continue
        (sparse,), (dense,) = operator.inputs, operator.outputs
        weights = interpreter.get_tensor(int(dense))
        graph.tensors[sparse].sparsity = None
        buffer = model.buffers[graph.tensors[sparse].buffer]
        buffer.data = np.frombuffer(weights.tobytes(), np.uint8)
        instead[dense] = sparse
    for operator in kept:
        operator.inputs = [instead.get(tensor, tensor) for tensor in operator.inputs]
    graph.operators = kept
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


def main() -> None:
    """Rewrite one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    args.target.write_bytes(densify(args.source.read_bytes()))


if __name__ == "__main__":
    main()
