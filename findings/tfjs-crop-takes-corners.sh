#!/usr/bin/env bash
# Guess: cropAndResize with the box 0 .. 0.5 to half the size cuts out the left upper quarter, pixel by pixel.
# So is: the box is a share of the way from the middle of the first to that of the last pixel, and its ends are sampled:
#        of columns 0 .. 7 the half box to 4 gives 0, 1.17, 2.33 and 3.5. The exact quarter is the box that ends
#        at 3 / 7.
# With:  @tensorflow/tfjs 4.22.0, the backend cpu.
# So:    a zone cut in a page is stretched by 17 % against the one that the job is sent. slice() cuts pixels; boxes are
#        (last pixel) / (size - 1).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit @tensorflow/tfjs@4.22.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const tf = require('@tensorflow/tfjs');
(async () => {
  await tf.setBackend('cpu');
  const picture = tf.tensor4d(Array.from({length: 64}, (_, i) => i % 8), [1, 8, 8, 1]);
  const row = end => Array.from(tf.image.cropAndResize(picture, [[0, 0, end, end]], [0], [4, 4]).slice([0, 0, 0, 0], [1, 1, 4, 1]).dataSync()).map(x => +x.toFixed(2)).join(' ');
  const half = row(0.5), exact = row(3 / 7);
  const slice = Array.from(picture.slice([0, 0, 0, 0], [1, 1, 4, 1]).dataSync()).join(' ');
  console.log(`columns 0 .. 7, box 0 .. 0.5 to 4: ${half}; box 0 .. 3 / 7: ${exact}; slice: ${slice}`);
  const same = half === '0 1.17 2.33 3.5' && exact === '0 1 2 3' && slice === '0 1 2 3';
  console.log(same ? 'ok: still so' : 'changed: a box is a share of the pixels');
  process.exit(same ? 0 : 1);
})();
END

node finding.cjs 2> /dev/null
