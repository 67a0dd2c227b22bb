#!/usr/bin/env bash
# Guess: what parquetjs writes as DECIMAL(9, 2) it reads again, and 0.29 is 0.29.
# So is: of decimals of up to 9 digits it reads a 0 behind every value, and the second half of the rows not at all: the
#        file is right, another library reads it. With 18 digits all rows come. It cuts where it should round:
#        0.29 * 100 is 28.999..., so that 0.29 is written as 0.28.
# With:  @dsnp/parquetjs v1.8.8, hyparquet 1.33.0 (npm).
# So:    confidences and costs in such a column are other frames' or 0 when read, and a hundredth too small as written.
#        DOUBLE for measured values; compare the sum with the source's.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit @dsnp/parquetjs@v1.8.8 hyparquet@1.33.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import fs from 'node:fs';
import parquet from '@dsnp/parquetjs';
import {parquetReadObjects} from 'hyparquet';
const values = [0.5, 0.25, 0.99, 0.29, 1.25, 12.34];
const read = async precision => {
  const file = `p${precision}.parquet`;
  const writer = await parquet.ParquetWriter.openFile(new parquet.ParquetSchema({x: {type: 'DECIMAL', precision, scale: 2}}), file);
  for (const x of values) await writer.appendRow({x});
  await writer.close();
  const reader = await parquet.ParquetReader.openFile(file), cursor = reader.getCursor(), own = [];
  for (let row = await cursor.next(); row; row = await cursor.next()) own.push(row.x);
  await reader.close();
  const bytes = fs.readFileSync(file), other = await parquetReadObjects({file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)});
  console.log(`DECIMAL(${precision}, 2) of ${values.join(' ')}: parquetjs ${own.join(' ')}; hyparquet ${other.map(row => row.x).join(' ')}`);
  return `${own.join(' ')}; ${other.map(row => row.x).join(' ')}`;
};
const short = await read(9), long = await read(18);
const same = short === '0.5 0 0.25 0 0.99 0; 0.5 0.25 0.99 0.28 1.25 12.34' && long === '0.5 0.25 0.99 0.28 1.25 12.34; 0.5 0.25 0.99 0.28 1.25 12.34';
console.log(same ? 'ok: still so' : 'changed: decimals are read, or rounded');
process.exit(same ? 0 : 1);
END

node finding.mjs
