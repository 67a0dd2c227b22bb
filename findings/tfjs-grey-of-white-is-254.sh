#!/usr/bin/env bash
# Guess: white in grey is white: 255.
# So is: rgbToGrayscale weighs by 0.2989, 0.587 and 0.114, whose sum is 0.9999, and cuts fractions off: every grey
#        level from 1 to 255 becomes one less. In floats white is 254.97.
# With:  @tensorflow/tfjs 4.22.0, the backend cpu.
# So:    a grey network fed by a page is shown a darker picture than in training, and "is it already grey?" by
#        comparing with the original is false. Take one channel of a grey picture, or round in floats.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit @tensorflow/tfjs@4.22.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.mjs <<'END'
import * as tf from '@tensorflow/tfjs';
await tf.setBackend('cpu');
const levels = Array.from({length: 256}, (_, level) => [[level, level, level]]);
const whole = tf.image.rgbToGrayscale(tf.tensor3d(levels, [256, 1, 3], 'int32')).dataSync();
const float = tf.image.rgbToGrayscale(tf.tensor3d(levels, [256, 1, 3])).dataSync();
const less = whole.filter((grey, level) => grey === level - 1).length;
console.log(`of 256 grey levels ${less} become one less; 255 becomes ${whole[255]}, 128 ${whole[128]}, 0 ${whole[0]}; in floats 255 becomes ${float[255].toFixed(3)}`);
const same = less === 255 && whole[255] === 254 && whole[0] === 0 && Math.abs(float[255] - 254.9745) < 0.001;
console.log(same ? 'ok: still so' : 'changed: grey stays what it is');
process.exit(same ? 0 : 1);
END

node finding.mjs 2> /dev/null
