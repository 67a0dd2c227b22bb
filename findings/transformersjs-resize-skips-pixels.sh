#!/usr/bin/env bash
# Guess: transformers.js resizes pictures as the Python library does whose models and preprocessor files it
#        takes: bilinear with antialiasing (Pillow), so that every pixel counts.
# So is: RawImage.resize, which its image processors use, interpolates between the few pixels next to each
#        sampled place. Stripes that are one pixel in four white become all white at a quarter (255; sharp
#        and Pillow: 64), for bilinear, bicubic and even "nearest"; only Lanczos is averaged.
#        jimp with bilinearInterpolation does the same, image-js gives 128 (jimp's default: 64).
# With:  @huggingface/transformers 4.3.2, jimp 1.6.1, image-js 1.7.0, sharp 0.35.5 (npm).
# So:    large frames for a small network lose thin strokes of signs, or see moire. Scale with sharp before, or
#        with the bundle's own rule; scores from such a page are not those of the job.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit --ignore-scripts @huggingface/transformers@4.3.2 jimp@1.6.1 image-js@1.7.0 sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import {RawImage} from '@huggingface/transformers';
import {Jimp, ResizeStrategy} from 'jimp';
import {decode} from 'image-js';
import sharp from 'sharp';
const side = 64;
const stripes = Uint8ClampedArray.from({length: 3 * side * side}, (_, i) => (Math.floor(i / 3) % 4 === 0 ? 255 : 0));
const png = await sharp(Buffer.from(stripes), {raw: {width: side, height: side, channels: 3}}).png().toBuffer();
const middle = (data, channels) => data[channels * (8 * 16 + 8)];
const picture = new RawImage(stripes, side, side, 3);
const seen = {};
for (const [name, resample] of [['nearest', 0], ['Lanczos', 1], ['bilinear', 2], ['bicubic', 3]])
  seen['transformers.js ' + name] = middle((await picture.resize(16, 16, {resample})).data, 3);
seen['jimp bilinear'] = middle((await Jimp.read(png)).resize({w: 16, h: 16, mode: ResizeStrategy.BILINEAR}).bitmap.data, 4);
seen['jimp default'] = middle((await Jimp.read(png)).resize({w: 16, h: 16}).bitmap.data, 4);
seen['image-js bilinear'] = middle(decode(new Uint8Array(png)).resize({width: 16, height: 16, interpolationType: 'bilinear'}).getRawImage().data, 3);
seen['sharp linear'] = middle(await sharp(png).resize(16, 16, {kernel: 'linear'}).raw().toBuffer(), 3);
const told = Object.entries(seen).map(entry => entry.join(': ')).join('\n');
console.log(told);
const expected = `transformers.js nearest: 255
transformers.js Lanczos: 64
transformers.js bilinear: 255
transformers.js bicubic: 255
jimp bilinear: 255
jimp default: 64
image-js bilinear: 128
sharp linear: 64`;
console.log(told === expected ? 'ok: still so' : 'changed: expected\n' + expected);
process.exit(told === expected ? 0 : 1);
END

echo "one column in four is white (mean 64), 64 x 64 to 16 x 16"
node finding.mjs
