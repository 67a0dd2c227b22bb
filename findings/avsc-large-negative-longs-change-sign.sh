#!/usr/bin/env bash
# Guess: a JavaScript library for Avro that takes longs as numbers is exact up to 2^53 - 1 on both
#        sides of 0, and refuses what lies beyond.
# So is: avsc writes and reads positive ones up to 2^53 - 2 and refuses 2^53 - 1. Of the negative ones
#        below -2^52 it makes positive ones, in both directions and without a word: it writes
#        -4503599627370497 as 4503599627370496, and reads as that what Java wrote as the former. Below
#        -2^53 it refuses. Its zigzag is arithmetic on doubles, and twice the number is no longer exact.
# With:  avsc 5.7.7 (npm), Node.js 18 or later; bytes as in the specification,
#        https://avro.apache.org/docs/1.12.0/specification/#primitive-types-1
#        Its way out: avro.types.LongType.__with, with BigInt.
# So:    sequences and times of a topic with consumers in Node stay between -2^52 and 2^53 - 2. Hashes
#        and nanoseconds as a long do not: they stop a consumer, or reach it as another number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund avsc@5.7.7 >npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const avro = require('avsc');
const type = avro.Type.forSchema('long');

/** Avro's binary encoding of a long: zigzag, seven bits a byte. */
function encoded(value) {
  let rest = value < 0n ? -2n * value - 1n : 2n * value;
  const bytes = [];
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function told(action) {
  try {
    return String(action());
  } catch (e) {
    return 'refused';
  }
}

const seen = [];
for (const value of [2n ** 53n - 2n, 2n ** 53n - 1n, -(2n ** 51n) - 1n, -(2n ** 52n) - 1n, -(2n ** 53n)]) {
  const number = Number(value);
  if (BigInt(number) !== value) throw new Error('not exact');
  const written = told(() => (type.toBuffer(number).equals(encoded(value)) ? 'as it is' : 'as another'));
  const read = told(() => type.fromBuffer(encoded(value)));
  console.log(`${value}: written ${written}, read ${read}`);
  seen.push(`${written}, ${read}`);
}
const expected = [
  'as it is, 9007199254740990',
  'refused, refused',
  'as it is, -2251799813685249',
  'as another, 4503599627370496',
  'refused, refused',
];
if (seen.join('; ') !== expected.join('; ')) {
  console.log('changed: expected ' + expected.join('; '));
  process.exit(1);
}
console.log('ok: still so');
END
echo "avsc $(node -p "require('avsc/package.json').version"), Node.js $(node -v)"
node finding.cjs
