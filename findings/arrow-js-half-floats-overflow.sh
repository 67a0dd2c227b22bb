#!/usr/bin/env bash
# Guess: a float that half precision cannot hold becomes infinity above 65,504 and 0 below 6e-8, as in numpy.
# So is: Arrow's JavaScript library writes other numbers: 65,536 becomes 2, 100,000 becomes 3.05; 1e-8 becomes
#        -infinity, 1e-10 becomes 0.000053 and 1e-40 NaN. 65,520 is infinity, and what is in range is right.
# With:  apache-arrow 21.2.0 (npm), vectorFromArray(values, new Float16()).
# So:    probabilities of a sure network are full of values below 1e-8: stored as Float16 for a dashboard or
#        an evaluation, the most unlikely class has a score of -infinity or NaN. Use Float32.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit apache-arrow@21.2.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import {Float16, vectorFromArray} from 'apache-arrow';
const values = [0.25, 65504, 65520, 65536, 100000, 3e-8, 1e-8, 1e-10, 1e-40];
const vector = vectorFromArray(values, new Float16());
const seen = values.map((value, i) => `${value}: ${vector.get(i)}`).join('\n');
console.log(seen);
const expected = `0.25: 0.25
65504: 65504
65520: Infinity
65536: 2
100000: 3.05078125
3e-8: 5.960464477539063e-8
1e-8: -Infinity
1e-10: 0.00005316734313964844
1e-40: NaN`;
console.log(seen === expected ? 'ok: still so' : 'changed: expected\n' + expected);
process.exit(seen === expected ? 0 : 1);
END

echo "apache-arrow 21.2.0, Node.js $(node -v)"
node finding.mjs
