#!/usr/bin/env bash
# Guess: PNG loses nothing: png({effort: 10}) is slower and smaller, png({quality: 100}) is png().
# So is: effort, quality, colours and dither each make a picture of a palette: of 16,384 colours 256 are left, up to 20
#        levels off, under quality 100 too. compressionLevel, adaptiveFiltering and progressive keep all.
# With:  sharp 0.35.5.
# So:    frames re-encoded for archives or tests "without loss" are others than the network was given.
#        compressionLevel: 9 and adaptiveFiltering: true make files small.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import sharp from 'sharp';
const side = 128, raw = {width: side, height: side, channels: 3};
const pixels = Buffer.from(Array.from({length: side * side * 3}, (_, i) => { const x = Math.floor(i / 3) % side, y = Math.floor(i / 3 / side); return [2 * x, 2 * y, (x + y) & 255][i % 3]; }));
const colours = bytes => new Set(Array.from({length: side * side}, (_, i) => bytes.readUIntBE(3 * i, 3))).size;
const seen = {};
for (const options of [{}, {compressionLevel: 9}, {adaptiveFiltering: true}, {progressive: true}, {effort: 10}, {quality: 100}, {colours: 256}, {dither: 0}]) {
  const png = await sharp(pixels, {raw}).png(options).toBuffer();
  const read = await sharp(png).toColourspace('srgb').removeAlpha().raw().toBuffer();
  const off = read.reduce((most, level, i) => Math.max(most, Math.abs(level - pixels[i])), 0);
  seen[JSON.stringify(options)] = [colours(read), off];
  console.log(`png(${JSON.stringify(options)}): ${png.length} bytes, ${colours(read)} colours, up to ${off} levels off`);
}
const kept = options => seen[options][0] === 16384 && seen[options][1] === 0, lost = options => seen[options][0] <= 256 && seen[options][1] > 10;
const same = ['{}', '{"compressionLevel":9}', '{"adaptiveFiltering":true}', '{"progressive":true}'].every(kept)
  && ['{"effort":10}', '{"quality":100}', '{"colours":256}', '{"dither":0}'].every(lost);
console.log(same ? 'ok: still so' : 'changed: other options keep the colours');
process.exit(same ? 0 : 1);
END

node finding.mjs
