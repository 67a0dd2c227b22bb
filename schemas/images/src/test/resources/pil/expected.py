#!/usr/bin/env python3
"""Makes the pictures beside this file and what PIL makes of them: python3 expected.py (Debian's python3-pil).

expected.txt has a line per case: source, filter, width, height, short side (0: stretch). expected.bin.gz holds
the pixels of one case after the other: red, green, blue, row by row. The crop of the short side is that of
torchvision's Resize and CenterCrop.
"""
import gzip
import os

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))


def draw(name, width, height):
    """Edges, ramps and noise, so that a wrong weight or offset shows."""
    image = Image.new("RGB", (width, height))
    seed = 12345
    for y in range(height):
        for x in range(width):
            seed = (seed * 1103515245 + 12345) % 2**31
            noise = seed >> 26
            block = 200 if (x // 7 + y // 5) % 2 else 20
            stripe = 255 if x % 11 == 3 or y % 13 == 6 else 0
            image.putpixel((x, y), (block + noise, x * 255 // width, (stripe + y * 255 // height) // 2 + noise))
    image.save(os.path.join(HERE, name + ".png"), optimize=True)
    return image


SOURCES = {"large": draw("large", 211, 130), "odd": draw("odd", 61, 47), "small": draw("small", 13, 9)}
FILTERS = {"BILINEAR": Image.BILINEAR, "BICUBIC": Image.BICUBIC}
STRETCH = [
    ("large", 21, 13), ("large", 32, 32), ("large", 53, 33), ("large", 70, 43), ("large", 105, 65),
    ("odd", 61, 47), ("odd", 43, 33), ("odd", 60, 46), ("odd", 62, 48), ("odd", 32, 94), ("odd", 122, 20),
    ("small", 19, 13), ("small", 43, 30), ("small", 104, 72),
]
CROP = [("large", 24, 24, 32), ("large", 57, 31, 64), ("odd", 32, 32, 37), ("odd", 47, 47, 47), ("small", 20, 24, 25)]


def short_side_crop(image, chosen, width, height, side):
    w, h = image.size
    if w <= h:
        size = (side, int(side * h / w))
    else:
        size = (int(side * w / h), side)
    image = image.resize(size, chosen)
    left = int(round((size[0] - width) / 2.0))
    top = int(round((size[1] - height) / 2.0))
    return image.crop((left, top, left + width, top + height))


with open(os.path.join(HERE, "expected.txt"), "w") as lines, open(os.path.join(HERE, "expected.bin.gz"), "wb") as out:
    with gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as pixels:
        for name, chosen in FILTERS.items():
            for source, width, height in STRETCH:
                lines.write(f"{source} {name} {width} {height} 0\n")
                pixels.write(SOURCES[source].resize((width, height), chosen).tobytes())
            for source, width, height, side in CROP:
                lines.write(f"{source} {name} {width} {height} {side}\n")
                pixels.write(short_side_crop(SOURCES[source], chosen, width, height, side).tobytes())
