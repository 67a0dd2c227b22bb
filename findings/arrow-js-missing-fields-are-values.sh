#!/usr/bin/env bash
# Guess: a field that a row does not have is null in the table.
# So is: with tableFromJSON it is "", NaN or false, and nullCount is 0; null that is written out is null. And toArray() of
#        a column with nulls has 0 in their places.
# With:  apache-arrow 21.2.0 (npm), Node.js 18 or later.
# So:    frames without a label become a class of their own, and a mean over toArray() takes each missing confidence
#        for 0. Write null for what is missing, and iterate or look at isValid().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit apache-arrow@21.2.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import * as arrow from 'apache-arrow';
const missing = arrow.tableFromJSON([{label: 'cat', confidence: 0.5, forced: true}, {}]);
const written = arrow.tableFromJSON([{label: 'cat', confidence: 0.5, forced: true}, {label: null, confidence: null, forced: null}]);
const show = table => { const {label, confidence, forced} = table.get(1).toJSON(); return `${JSON.stringify(label)} ${confidence} ${forced}, nulls ${['label', 'confidence', 'forced'].map(name => table.getChild(name).nullCount)}`; };
const column = arrow.vectorFromArray([0.5, null, 1], new arrow.Float32());
const array = Array.from(column.toArray()).join(' '), iterated = [...column].join(' ');
console.log(`a row without fields: ${show(missing)}; with null in each: ${show(written)}`);
console.log(`0.5, null, 1: toArray() ${array}; iterated ${iterated}`);
const same = show(missing) === '"" NaN false, nulls 0,0,0' && show(written) === 'null null null, nulls 1,1,1' && array === '0.5 0 1' && iterated === '0.5  1';
console.log(same ? 'ok: still so' : 'changed: what is missing is null');
process.exit(same ? 0 : 1);
END

node finding.mjs
