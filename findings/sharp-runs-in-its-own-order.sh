#!/usr/bin/env bash
# Guess: sharp's calls run in the order in which they are written: mirror, then cut out the left half; blur,
#        then make it small.
# So is: a pipeline has one order of its own, whatever the calls' order. Of a mirrored picture the left half
#        is that of the picture before; a blur runs after the resize wherever it stands, and of two
#        resizes only the last one runs. Two pipelines, one after the other, do what was written.
# With:  sharp 0.35.5.
# So:    a crop of a turned or mirrored camera is another zone, and a network is shown other pixels than in
#        training. End a pipeline (toBuffer, or raw) where the order matters.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import sharp from 'sharp';
// left half bright, right half dark, with a step in each
const pixels = Buffer.from(Array.from({length: 256}, (_, i) => (i % 16 < 8 ? (i < 128 ? 250 : 220) : (i < 128 ? 60 : 20))));
const picture = () => sharp(pixels, {raw: {width: 16, height: 16, channels: 1}});
const again = async pipeline => {
  const {data, info} = await pipeline.raw().toBuffer({resolveWithObject: true});
  return sharp(data, {raw: {width: info.width, height: info.height, channels: info.channels}});
};
const read = async pipeline => pipeline.raw().toBuffer();
const left = {left: 0, top: 0, width: 8, height: 16};
const one = (await read(picture().flop().extract(left)))[0], two = (await read((await again(picture().flop())).extract(left)))[0];
console.log(`mirrored, then the left half: first pixel ${one} in one pipeline, ${two} in two`);
const small = await read(picture().blur(3).resize(8, 8)), turned = await read(picture().resize(8, 8).blur(3));
const written = await read((await again(picture().blur(3))).resize(8, 8));
console.log(`blur and resize: the other way round the same bytes: ${small.equals(turned)}; as two pipelines the same: ${small.equals(written)}`);
const twice = await read(picture().resize(2, 2).resize(8, 8)), once = await read(picture().resize(8, 8));
console.log(`resize to 2 x 2 and to 8 x 8: the same as the second alone: ${twice.equals(once)}`);
const cut = await read(picture().threshold(128).resize(5, 5)), after = await read(picture().resize(5, 5).threshold(128));
console.log(`threshold and resize: the other way round the same: ${cut.equals(after)}`);
const same = one === 250 && two === 60 && small.equals(turned) && !small.equals(written) && twice.equals(once) && cut.equals(after);
console.log(same ? 'ok: still so' : 'changed: the order of the calls counts');
process.exit(same ? 0 : 1);
END

node finding.mjs
