"""What `mnist-onnx infer` does, with Python's onnxruntime: an image, or all below a folder, to a CSV file.

usage: infer_images.py pillow|opencv MODEL.onnx IMAGE-OR-FOLDER OUT.csv
Images are read as grey, resized to 28x28 where they are not, scaled to 0..1, and classified 256 at a time; nothing
is searched or centred in them.
"""

import csv
import pathlib
import sys

import numpy
import onnxruntime

BATCH = 256
SUFFIXES = {".png", ".jpg", ".jpeg"}


def pillow_reader():
    from PIL import Image

    def read(path):
        with Image.open(path) as image:
            grey = image.convert("L")
            return numpy.asarray(grey if grey.size == (28, 28) else grey.resize((28, 28)))

    return read


def opencv_reader():
    import cv2

    def read(path):
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        return grey if grey.shape == (28, 28) else cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA)

    return read


def main():
    library, model, source, out = sys.argv[1:5]
    read = {"pillow": pillow_reader, "opencv": opencv_reader}[library]()
    source = pathlib.Path(source)
    paths = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.suffix.lower() in SUFFIXES)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "digit", "probability"])
        for start in range(0, len(paths), BATCH):
            chunk = paths[start : start + BATCH]
            pixels = numpy.stack([read(path) for path in chunk]).astype(numpy.float32)[:, None] / 255
            logits = session.run(["logits"], {name: pixels})[0]
            exp = numpy.exp(logits - logits.max(1, keepdims=True))
            for path, row in zip(chunk, exp / exp.sum(1, keepdims=True)):
                writer.writerow([path, int(row.argmax()), f"{row.max():.6f}"])


main()
