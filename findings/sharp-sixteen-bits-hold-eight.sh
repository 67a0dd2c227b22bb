#!/usr/bin/env bash
# Guess: sharp gives the raw values of a 16-bit grey PNG, as a thermal or depth camera sends, with
#        raw({depth: 'ushort'}), one channel.
# So is: it gives 16-bit numbers that hold 8-bit levels, three times each: 25,700 comes out as 100, 51,400
#        as 200, 256 levels in all, while metadata() says ushort and 1 channel. With
#        toColourspace('grey16') before raw() all is as guessed. An 8-bit grey JPEG comes out in three
#        channels as well.
# With:  sharp 0.35.5 (npm).
# So:    a producer that cuts a thermal frame down in Node sends 256 levels, and a reader that takes
#        width x height values gets a third of the picture. Name the colour space, check info.channels.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import sharp from 'sharp';
const levels = Uint16Array.from({length: 256}, (_, i) => i * 257);
const png = await sharp(levels, {raw: {width: 16, height: 16, channels: 1}}).toColourspace('grey16').png().toBuffer();
const {depth, channels} = await sharp(png).metadata();
const read = async image => {
  const {data, info} = await image.raw({depth: 'ushort'}).toBuffer({resolveWithObject: true});
  const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return `${info.channels} channel(s), ${values[100 * info.channels]} and ${values[200 * info.channels]}`;
};
const jpeg = await sharp(Buffer.alloc(256, 100), {raw: {width: 16, height: 16, channels: 1}}).toColourspace('b-w').jpeg().toBuffer();
const grey = (await sharp(jpeg).raw().toBuffer({resolveWithObject: true})).info.channels;
const seen = [
  `PNG: bit depth ${png[24]}, metadata ${depth}, ${channels} channel(s); written 25700 and 51400`,
  `raw ushort: ${await read(sharp(png))}`,
  `the same after toColourspace('grey16'): ${await read(sharp(png).toColourspace('grey16'))}`,
  `JPEG of ${(await sharp(jpeg).metadata()).channels} channel: raw has ${grey}`,
];
console.log(seen.join('\n'));
const expected = [
  'PNG: bit depth 16, metadata ushort, 1 channel(s); written 25700 and 51400',
  'raw ushort: 3 channel(s), 100 and 200',
  "the same after toColourspace('grey16'): 1 channel(s), 25700 and 51400",
  'JPEG of 1 channel: raw has 3',
];
const same = seen.every((line, i) => line === expected[i]);
console.log(same ? 'ok: still so' : 'changed: expected\n' + expected.join('\n'));
process.exit(same ? 0 : 1);
END

node -p "'sharp ' + require('sharp').versions.sharp"
node finding.mjs
