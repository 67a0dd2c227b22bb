#!/usr/bin/env bash
# Guess: Parquet's footer is a few kilobytes of schema and offsets; statistics of long values are left out, or
#        cut.
# So is: parquetjs writes least and greatest image whole, each twice (min, min_value, max, max_value), into the
#        footer and again into every page: three images of 50 kB make a file of 850 kB with a footer of 200
#        kB. hyparquet-writer cuts them and has a footer of 140 bytes.
# With:  @dsnp/parquetjs v1.8.8, hyparquet-writer 0.17.0, hyparquet 1.33.0 (npm).
# So:    every reader that only lists columns fetches four images per row group, and "metadata only" shows
#        pictures of people. Keep images beside the table, or write with another library.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit @dsnp/parquetjs@v1.8.8 hyparquet@1.33.0 hyparquet-writer@0.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import fs from 'node:fs';
import parquet from '@dsnp/parquetjs';
import {parquetMetadata} from 'hyparquet';
import {parquetWriteBuffer} from 'hyparquet-writer';
const images = [1, 2, 3].map(first => Buffer.from(Uint8Array.from({length: 50000}, (_, i) => (i ? Math.imul(i + first, 2654435761) >>> 13 : first))));
const writer = await parquet.ParquetWriter.openFile(new parquet.ParquetSchema({image: {type: 'BYTE_ARRAY'}}), 'frames.parquet');
for (const image of images) await writer.appendRow({image});
await writer.close();
const file = fs.readFileSync('frames.parquet'), bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
const other = parquetWriteBuffer({columnData: [{name: 'image', type: 'BYTE_ARRAY', data: images}]});
const footer = parquetMetadata(bytes).metadata_length, small = parquetMetadata(other).metadata_length;
let times = 0;
for (let at = file.length - 8 - footer; (at = file.indexOf(images[0].subarray(0, 100), at)) >= 0; at++) times++;
console.log(`150,000 bytes of images; parquetjs: file ${file.length}, footer ${footer}, first image in the footer ${times} times; hyparquet-writer: footer ${small}`);
const same = file.length > 700000 && footer > 200000 && times === 2 && small < 1000;
console.log(same ? 'ok: still so' : 'changed: statistics are cut');
process.exit(same ? 0 : 1);
END

node finding.mjs
