"""Exports the CNN that `mnist-onnx train --arch cnn` builds through PyTorch's own exporters.

Prints a JSON list: for each exporter its nodes, operators, bytes and parameters, or why it was skipped.
Usage: python export_cnn.py FOLDER (where the ONNX files are written)
"""

import contextlib
import io
import json
import os
import sys
import warnings

import onnx
import torch
from torch import nn


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.logits = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10),
        )

    def forward(self, images):
        logits = self.logits(images)
        return logits, logits.softmax(1)


def export(path, dynamo):
    images = torch.zeros(2, 1, 28, 28)
    names = {"input_names": ["input"], "output_names": ["logits", "probabilities"]}
    if dynamo:
        batch = {"images": {0: torch.export.Dim("N")}}
        options = {"opset_version": 21, "dynamic_shapes": batch, "external_data": False}
    else:
        # The older exporter knows opsets up to 20.
        options = {"opset_version": 20, "dynamic_axes": {"input": {0: "N"}}}
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(Cnn().eval(), (images,), path, dynamo=dynamo, **names, **options)


def describe(path):
    graph = onnx.load(path).graph
    return {
        "nodes": len(graph.node),
        "ops": [node.op_type for node in graph.node],
        "bytes": os.path.getsize(path),
        "weightBytes": sum(onnx.numpy_helper.to_array(tensor).nbytes for tensor in graph.initializer),
        "parameters": sum(
            onnx.numpy_helper.to_array(tensor).size
            for tensor in graph.initializer
            if tensor.data_type == onnx.TensorProto.FLOAT
        ),
    }


def main(folder):
    warnings.simplefilter("ignore")
    rows = []
    for name, dynamo in (("torch.export", True), ("TorchScript", False)):
        row = {"exporter": f"PyTorch {torch.__version__}, {name}"}
        path = os.path.join(folder, f"{name}.onnx")
        try:
            export(path, dynamo)
            row.update(describe(path))
        except ImportError as error:
            row["skipped"] = str(error)
        except Exception as error:  # An exporter that fails is a result too.
            row["skipped"] = f"it failed: {str(error).splitlines()[0]}"
        rows.append(row)
    print(json.dumps(rows))


main(sys.argv[1])
