"""How fast Python's onnxruntime runs a classifier: one image alone, and batches.

usage: run_onnx.py MODEL.onnx SECONDS BATCH [BATCH ...]
Measures each batch size for SECONDS; prints one line of JSON with the median milliseconds of a run.
"""

import json
import statistics
import sys
import time

import numpy
import onnxruntime

MIN_RUNS = 5
TYPES = {"tensor(float)": numpy.float32, "tensor(uint8)": numpy.uint8, "tensor(float16)": numpy.float16}


def time_runs(run, seconds):
    durations = []
    end = time.perf_counter() + seconds
    while len(durations) < MIN_RUNS or time.perf_counter() < end:
        started = time.perf_counter()
        run()
        durations.append(time.perf_counter() - started)
    return durations


def main(path, seconds, batch_sizes):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    source = session.get_inputs()[0]
    # The scores alone, as mnist-onnx asks for.
    wanted = [session.get_outputs()[0].name]
    noise = numpy.random.default_rng(1)
    result = {}
    for batch_size in batch_sizes:
        images = noise.integers(0, 256, (batch_size, 1, 28, 28))
        scale = 1 if source.type == "tensor(uint8)" else 255
        feeds = {source.name: (images / scale).astype(TYPES[source.type])}
        run = lambda: session.run(wanted, feeds)
        time_runs(run, seconds / 5)
        result[batch_size] = 1000 * statistics.median(time_runs(run, seconds))
    print(json.dumps({"version": onnxruntime.__version__, "runMs": result}))


main(sys.argv[1], float(sys.argv[2]), [int(size) for size in sys.argv[3:]])
