#!/usr/bin/env python3
"""Images per second of training steps of an MSDNet in PyTorch: what `./boostnet train --time-steps` is held against.

The CIFAR form with `--stepmode even --prune max --bottleneck`, grFactor and bnFactor 1-2-4 (Huang et al., arXiv
1703.09844), the boosted objective (Yu et al., arXiv 2211.16726), SGD with Nesterov momentum; random images, no
augmentation. Says how many parameters the network has, so that it can be seen to be the same.
"""
import argparse
import math
import time

import torch
from torch import nn
from torch.nn import functional as F

FACTOR = (1, 2, 4)
WIDTH = (1, 2, 4)
SCALES = len(FACTOR)


def convolution(inputs, outputs, kernel, stride=1):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    ]


def bottleneck(inputs, outputs, width, stride=1):
    inner = min(inputs, width * outputs)
    return nn.Sequential(*convolution(inputs, inner, 1), *convolution(inner, outputs, 3, stride))


class First(nn.Module):
    """The image at every scale."""

    def __init__(self, channels):
        super().__init__()
        sizes = [3] + [channels * factor for factor in FACTOR]
        self.scales = nn.ModuleList(
            nn.Sequential(*convolution(sizes[i], sizes[i + 1], 3, 1 if i == 0 else 2)) for i in range(SCALES)
        )

    def forward(self, image):
        maps = []
        for scale in self.scales:
            maps.append(scale(maps[-1] if maps else image))
        return maps


class Layer(nn.Module):
    """Every kept scale takes the map of its own scale and that of the finer one."""

    def __init__(self, channels, growth, before, after):
        super().__init__()
        self.dropped = before - after
        first = SCALES - after
        self.same = nn.ModuleList()
        self.down = nn.ModuleDict()
        for scale in range(first, SCALES):
            grown = growth * FACTOR[scale]
            finer = scale > SCALES - before
            self.same.append(bottleneck(channels * FACTOR[scale], grown // 2 if finer else grown, WIDTH[scale]))
            if finer:
                self.down[str(scale - first)] = bottleneck(
                    channels * FACTOR[scale - 1], grown // 2, WIDTH[scale - 1], 2
                )

    def forward(self, maps):
        results = []
        for i, same in enumerate(self.same):
            own = maps[i + self.dropped]
            parts = [own]
            if str(i) in self.down:
                parts.append(self.down[str(i)](maps[i + self.dropped - 1]))
            parts.append(same(own))
            results.append(torch.cat(parts, 1))
        return results


class Reduction(nn.Module):
    """Fewer channels at every scale that is left."""

    def __init__(self, channels, fewer, scales):
        super().__init__()
        self.scales = nn.ModuleList(
            nn.Sequential(*convolution(channels * factor, fewer * factor, 1)) for factor in FACTOR[SCALES - scales :]
        )

    def forward(self, maps):
        return [scale(each) for scale, each in zip(self.scales, maps)]


class Head(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.body = nn.Sequential(*convolution(inputs, 128, 3, 2), *convolution(128, 128, 3, 2), nn.AvgPool2d(2))
        self.linear = nn.Linear(128, classes)

    def forward(self, maps):
        return self.linear(self.body(maps[-1]).flatten(1))


class MsdNet(nn.Module):
    def __init__(self, blocks, base, step, channels, growth, classes, reduction=0.5):
        super().__init__()
        layers = base + step * (blocks - 1)
        interval = math.ceil(layers / SCALES)
        self.first = First(channels)
        self.blocks = nn.ModuleList()
        self.heads = nn.ModuleList()
        layer = 0
        for block in range(blocks):
            parts = []
            for _ in range(base if block == 0 else step):
                layer += 1
                before = SCALES - math.floor(max(0, layer - 2) / interval)
                after = SCALES - math.floor((layer - 1) / interval)
                parts.append(Layer(channels, growth, before, after))
                channels += growth
                if before > after:
                    fewer = math.floor(reduction * channels)
                    parts.append(Reduction(channels, fewer, after))
                    channels = fewer
            self.blocks.append(nn.Sequential(*parts))
            self.heads.append(Head(channels * FACTOR[-1], classes))

    def forward(self, image):
        maps = self.first(image)
        logits = []
        for block, head in zip(self.blocks, self.heads):
            maps = block(maps)
            logits.append(head(maps))
        return logits


def boosted_loss(logits, labels, weight=0.5):
    ensemble = torch.zeros_like(logits[0])
    loss = 0
    for own in logits:
        total = own + weight * ensemble.detach()
        loss = loss + F.cross_entropy(total, labels)
        ensemble = total
    return loss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nBlocks", type=int, default=4)
    parser.add_argument("--base", type=int, default=4)
    parser.add_argument("--step", type=int, default=2)
    parser.add_argument("--nChannels", type=int, default=8)
    parser.add_argument("--growthRate", type=int, default=4)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--time-steps", type=int, default=20)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    network = MsdNet(
        options.nBlocks, options.base, options.step, options.nChannels, options.growthRate, options.classes
    )
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    images = torch.randn(options.batch_size, 3, 32, 32)
    labels = torch.randint(options.classes, (options.batch_size,))
    seconds = []
    for _ in range(3 + options.time_steps):
        start = time.perf_counter()
        optimiser.zero_grad()
        boosted_loss(network(images), labels).backward()
        optimiser.step()
        seconds.append(time.perf_counter() - start)
    middle = sorted(seconds[3:])[options.time_steps // 2]
    print(
        "PyTorch %s, %d parameters, %d threads: %.0f images/s (median of %d steps of %d images)"
        % (
            torch.__version__,
            sum(parameter.numel() for parameter in network.parameters()),
            options.threads,
            options.batch_size / middle,
            options.time_steps,
            options.batch_size,
        )
    )


if __name__ == "__main__":
    main()
