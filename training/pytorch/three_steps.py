#!/usr/bin/env python3
"""The three reference training steps of msdnet-cifar100-n4-c8-g4 in PyTorch, under other kernels than made the figures.

Tells how far the norm of every parameter is from the reference afterwards. On one thread of Debian's PyTorch 1.13.1
(ATEN_CPU_CAPABILITY=avx2) nothing differs; `--threads 2`, `--double`, or another capability (default, avx512) show
what such figures owe to the order in which a sum is rounded.
"""
import argparse
import json
import pathlib
import struct

import numpy
import torch
from torch.nn import functional as F

import pytorch_step

REFERENCE = pathlib.Path(__file__).parents[1] / "src/test/resources/reference/msdnet-cifar100-n4-c8-g4"


class Rescale(torch.autograd.Function):
    """The identity, with a factor on the gradient."""

    @staticmethod
    def forward(context, value, factor):
        context.factor = factor
        return value.view_as(value)

    @staticmethod
    def backward(context, gradient):
        return gradient * context.factor, None


def logits(network, images):
    """As the network's own, with the gradients of the heads rescaled (Li et al., arXiv 1908.06294)."""
    exits = len(network.blocks)
    maps = network.first(images)
    results = []
    for done, (block, head) in enumerate(zip(network.blocks, network.heads)):
        maps = list(block(maps))
        maps[-1] = Rescale.apply(maps[-1], 1 / (exits - done))
        results.append(head(maps))
        maps[-1] = Rescale.apply(maps[-1], float(exits - done - 1))
    return results


def official_names(network):
    """The parameters by their names in the official checkpoint."""
    named = {}

    def add(prefix, layers):
        for i in range(0, len(layers), 3):
            named["%s.%d.weight" % (prefix, i)] = layers[i].weight
            named["%s.%d.weight" % (prefix, i + 1)] = layers[i + 1].weight
            named["%s.%d.bias" % (prefix, i + 1)] = layers[i + 1].bias

    for scale, layers in enumerate(network.first.scales):
        add("blocks.0.0.layers.%d.net" % scale, layers)
    for b, block in enumerate(network.blocks):
        for number, part in enumerate(block, 1 if b == 0 else 0):
            if isinstance(part, pytorch_step.Reduction):
                for scale, layers in enumerate(part.scales):
                    add("blocks.%d.%d.m.%d.net" % (b, number, scale), layers)
                continue
            for scale, same in enumerate(part.same):
                prefix = "blocks.%d.%d.layers.%d" % (b, number, scale)
                add(prefix + ".conv_normal.net", same)
                if str(scale) in part.down:
                    add(prefix + ".conv_down.net", part.down[str(scale)])
    for k, head in enumerate(network.heads):
        body = list(head.body)
        add("classifier.%d.m.0.net" % k, body[:3])
        add("classifier.%d.m.1.net" % k, body[3:6])
        named["classifier.%d.linear.weight" % k] = head.linear.weight
        named["classifier.%d.linear.bias" % k] = head.linear.bias
    return named


def safetensors(file):
    raw = file.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    kinds = {"F32": numpy.float32, "I64": numpy.int64, "I32": numpy.int32}
    tensors = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            values = numpy.frombuffer(raw[start:end], kinds[entry["dtype"]])
            tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--double", action="store_true", help="compute in double precision")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kind = torch.float64 if options.double else torch.float32
    official = json.loads((REFERENCE / "training.json").read_text())
    batches = safetensors(REFERENCE / "training.safetensors")
    network = pytorch_step.MsdNet(4, 4, 2, 8, 4, 100)
    weights = torch.load(REFERENCE / "model_best.pth", map_location="cpu")["state_dict"]["model"]
    with torch.no_grad():
        for name, parameter in official_names(network).items():
            parameter.copy_(weights[name])
    network = network.to(kind).train()
    optimiser = torch.optim.SGD(
        network.parameters(),
        lr=official["learningRate"],
        momentum=official["momentum"],
        weight_decay=official["weightDecay"],
    )
    for step in range(3):
        optimiser.zero_grad()
        heads = logits(network, batches["batch%d.input" % step].to(kind))
        labels = batches["batch%d.label" % step].long()
        pytorch_step.boosted_loss(heads, labels, official["ensembleReweight"]).backward()
        optimiser.step()
    expected = official["parameterNormAfterThreeSteps"]
    apart = {
        name: abs(parameter.norm().item() - expected[name]) / expected[name]
        for name, parameter in official_names(network).items()
    }
    worst = max(apart, key=apart.get)
    print(
        "PyTorch %s, %s, %d threads: %d of %d norms differ by more than 1e-4; %s by %.1e"
        % (
            torch.__version__,
            kind,
            options.threads,
            sum(difference > 1e-4 for difference in apart.values()),
            len(apart),
            worst,
            apart[worst],
        )
    )


if __name__ == "__main__":
    main()
