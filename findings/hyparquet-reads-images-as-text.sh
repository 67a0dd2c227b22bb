#!/usr/bin/env bash
# Guess: a Parquet column of bytes without a logical type, as parquet-avro and Flink write `bytes`, is read as
#        bytes in JavaScript too.
# So is: hyparquet decodes it as UTF-8: every byte of a JPEG that is no text becomes U+FFFD, and nothing fails.
#        With utf8: false it gives the bytes, and then real texts without the annotation as bytes, too.
#        The values are written as they should be; only the reader differs.
# With:  hyparquet 1.33.0, hyparquet-writer 0.17.0 (npm).
# So:    archived frames shown by a page, or labelled with it, are broken pictures; saved again they are lost.
#        Readers in the browser pass utf8: false for files with images.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit hyparquet@1.33.0 hyparquet-writer@0.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import {parquetReadObjects} from 'hyparquet';
import {parquetWriteBuffer} from 'hyparquet-writer';
const image = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46);
const file = parquetWriteBuffer({columnData: [{name: 'image', type: 'BYTE_ARRAY', data: [image]}, {name: 'source', type: 'STRING', data: ['gate-4']}]});
const hex = value => (typeof value === 'string' ? 'text ' : 'bytes ') + Buffer.from(value).toString('hex');
const read = async options => (await parquetReadObjects({file, ...options}))[0];
const plain = await read({}), bytes = await read({utf8: false});
console.log(`written:      bytes ${Buffer.from(image).toString('hex')}`);
console.log(`read:         ${hex(plain.image)}, source ${plain.source}`);
console.log(`utf8: false:  ${hex(bytes.image)}, source ${bytes.source}`);
const same = hex(plain.image) === 'text efbfbdefbfbdefbfbdefbfbd00104a464946' && hex(bytes.image) === 'bytes ffd8ffe000104a464946' && bytes.source === 'gate-4';
console.log(same ? 'ok: still so' : 'changed: bytes are read in another way');
process.exit(same ? 0 : 1);
END

echo "hyparquet 1.33.0, hyparquet-writer 0.17.0, Node.js $(node -v)"
node finding.mjs
