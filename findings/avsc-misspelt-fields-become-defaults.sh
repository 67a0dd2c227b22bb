#!/usr/bin/env bash
# Guess: a record with a field that the schema does not have is refused, at least by isValid().
# So is: avsc drops it, isValid() is true, and where the field that was meant has a default the record is written
#        with that: {lable: 7} goes out as label -1. isValid(record, {noUndeclaredFields: true}) tells.
# With:  avsc 5.7.9 (npm).
# So:    labels, deadlines and content types of frames are optional: a typo loses them for all frames, without an
#        error on either side. Check a producer's records once with noUndeclaredFields.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit avsc@5.7.9 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const avro = require('avsc');
const type = avro.Type.forSchema({type: 'record', name: 'Frame', fields: [{name: 'sourceId', type: 'string'}, {name: 'label', type: 'int', default: -1},
  {name: 'deadlineMs', type: ['null', 'long'], default: null}]});
const frame = {sourceId: 'gate-4', lable: 7, deadline_ms: 1772366400000};
const read = type.fromBuffer(type.toBuffer(frame));
const valid = type.isValid(frame), strict = type.isValid(frame, {noUndeclaredFields: true});
console.log(`${JSON.stringify(frame)} is written as ${JSON.stringify(read)}; isValid: ${valid}, with noUndeclaredFields: ${strict}`);
let refused = false;
try { type.toBuffer({source_id: 'gate-4'}); } catch (e) { refused = true; console.log(`a field without a default is missed: ${e.message.split('\n')[0]}`); }
const same = valid && !strict && read.label === -1 && read.deadlineMs === null && refused;
console.log(same ? 'ok: still so' : 'changed: fields that are none are refused');
process.exit(same ? 0 : 1);
END

node finding.cjs
