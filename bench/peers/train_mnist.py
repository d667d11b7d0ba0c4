"""Trains on MNIST's IDX files with PyTorch on the CPU; the peer of `mnist-onnx train`.

usage: train_mnist.py FOLDER [--recipe cnn|example] [--batch-size N] [--epochs N] [--seed N] [--limit N] [--target A]

cnn      the network that `mnist-onnx train --arch cnn` builds, with Adam at 1e-3
example  the network, the optimizer and the schedule of PyTorch's own MNIST example: Adadelta at 1.0, times 0.7 an epoch
Stops at the first epoch whose test accuracy reaches the target. Prints one line of JSON: for each epoch the
seconds of training alone, the images and the test accuracy.
"""

import argparse
import gzip
import json
import pathlib
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


def read_idx(folder, name):
    path = pathlib.Path(folder, name)
    content = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(f"{name}.gz").read_bytes())
    axes = content[3]
    shape = numpy.frombuffer(content, ">u4", axes, offset=4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * axes).reshape(shape)


def read_split(folder, prefix):
    pixels = read_idx(folder, f"{prefix}-images-idx3-ubyte").astype(numpy.float32) / 255
    labels = read_idx(folder, f"{prefix}-labels-idx1-ubyte").astype(numpy.int64)
    # The mean and the deviation of the training images, as the example has them.
    images = (torch.from_numpy(pixels).unsqueeze(1) - 0.1307) / 0.3081
    return images, torch.from_numpy(labels)


def make_cnn():
    net = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.2), nn.Linear(64 * 5 * 5, 128), nn.ReLU(), nn.Linear(128, 10)),
    )
    return net, torch.optim.Adam(net.parameters(), lr=1e-3), None


def make_example():
    net = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Dropout(0.25), nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU()),
        *(nn.Dropout(0.5), nn.Linear(128, 10)),
    )
    optimizer = torch.optim.Adadelta(net.parameters(), lr=1.0)
    return net, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)


RECIPES = {"cnn": make_cnn, "example": make_example}


def train_epoch(net, optimizer, images, labels, batch_size):
    net.train()
    for chosen in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        functional.cross_entropy(net(images[chosen]), labels[chosen]).backward()
        optimizer.step()


@torch.no_grad()
def accuracy(net, images, labels):
    net.eval()
    parts = zip(images.split(1000), labels.split(1000))
    return sum((net(part).argmax(1) == truth).sum().item() for part, truth in parts) / len(images)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--recipe", choices=RECIPES, default="cnn")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--target", type=float, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    images, labels = (tensor[: options.limit] for tensor in read_split(options.folder, "train"))
    test = read_split(options.folder, "t10k")
    net, optimizer, schedule = RECIPES[options.recipe]()
    epochs = []
    while len(epochs) < options.epochs:
        started = time.perf_counter()
        train_epoch(net, optimizer, images, labels, options.batch_size)
        if schedule:
            schedule.step()
        seconds = time.perf_counter() - started
        epochs.append({"seconds": seconds, "images": len(images), "testAccuracy": accuracy(net, *test)})
        if epochs[-1]["testAccuracy"] >= options.target:
            break
    print(json.dumps({"version": torch.__version__, "epochs": epochs}))


main()
