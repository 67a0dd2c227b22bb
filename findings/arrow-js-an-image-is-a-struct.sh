#!/usr/bin/env bash
# Guess: a table made of rows that hold an image as a Uint8Array has a binary column.
# So is: tableFromJSON and tableFromArrays make a struct with a Float64 field for every byte of the first image
#        ("0", "1", ...). A shorter second image is filled up with NaN, a longer one loses its end
#        without a word. vectorFromArray(images, new Binary()) keeps them.
# With:  apache-arrow 21.2.0 (npm).
# So:    frames collected in a browser or in Node come back cut to the length of the first one, at nine times
#        their size. Name the type, and check a byte count at the other end.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit apache-arrow@21.2.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import {Binary, Table, tableFromIPC, tableFromJSON, tableToIPC, vectorFromArray} from 'apache-arrow';
const images = [1000, 900, 1100].map(length => Uint8Array.from({length}, (_, i) => 1 + i % 250));
const told = table => {
  const column = tableFromIPC(tableToIPC(table)).getChild('image');
  const lengths = [...column].map(image => (image instanceof Uint8Array ? image : Object.values(image.toJSON())).filter(byte => byte > 0).length);
  return `${column.type.toString().slice(0, 18)}, bytes ${lengths.join(' ')}, ${tableToIPC(table).length > 20000 ? 'over' : 'under'} 20 kB in all`;
};
const seen = [`from rows: ${told(tableFromJSON(images.map(image => ({image}))))}`,
  `with the type: ${told(new Table({image: vectorFromArray(images, new Binary())}))}`].join('\n');
console.log('images of 1000, 900 and 1100 bytes\n' + seen);
const expected = `from rows: Struct<{0:Float64,, bytes 1000 900 1000, over 20 kB in all
with the type: Binary, bytes 1000 900 1100, under 20 kB in all`;
console.log(seen === expected ? 'ok: still so' : 'changed: expected\n' + expected);
process.exit(seen === expected ? 0 : 1);
END

echo "apache-arrow 21.2.0, Node.js $(node -v)"
node finding.mjs
