#!/usr/bin/env bash
# Guess: the normalization of Tensor.fromImage, {mean, bias}, takes the mean off: (pixel - mean) and then a
#        scale, as everywhere else; toImageData with the same two numbers is its inverse.
# So is: "mean" divides and "bias" is added before: (pixel + bias) / mean. ImageNet's means in their usual
#        place divide by 124. Back it is (value - bias) * mean: pixel 100 with mean 2 and bias -10 goes
#        to 45 and comes back as 110. With mean alone it fails on a bias that is undefined.
# With:  onnxruntime-common 1.30.0 (in onnxruntime-web and -node), with @napi-rs/canvas 1.1.1 as the canvas
#        that a browser has. https://onnxruntime.ai/docs/api/js/interfaces/TensorFactory.html
# So:    for (pixel / 255 - m) / s give mean 255 s and bias -255 m; check one pixel against the bundle's
#        preprocessing before a network is judged in the browser.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit onnxruntime-common@1.30.0 @napi-rs/canvas@1.1.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const {createCanvas, ImageData} = require('@napi-rs/canvas');
const {Tensor} = require('onnxruntime-common');
Object.assign(globalThis, {ImageData, HTMLCanvasElement: createCanvas(1, 1).constructor, document: {createElement: () => createCanvas(1, 1)}});
const picture = () => new ImageData(Uint8ClampedArray.from({length: 16}, (_, i) => (i % 4 === 3 ? 255 : 100)), 2, 2);
(async () => {
  const there = await Tensor.fromImage(picture(), {norm: {mean: 2, bias: -10}});
  const back = there.toImageData({format: 'RGB', norm: {mean: 2, bias: -10}}).data[0];
  const means = await Tensor.fromImage(picture(), {norm: {mean: [124, 116, 104], bias: 0}});
  let alone = 'taken';
  try {
    await Tensor.fromImage(picture(), {norm: {mean: [124, 116, 104]}});
  } catch (e) {
    alone = e.constructor.name;
  }
  console.log(`pixel 100, mean 2, bias -10: ${there.data[0]}, and back: ${back}`);
  console.log(`pixel 100, means of ImageNet: ${[0, 4, 8].map(i => means.data[i].toFixed(3)).join(' ')}; means without a bias: ${alone}`);
  const same = there.data[0] === 45 && back === 110 && means.data[0].toFixed(3) === '0.806' && alone === 'TypeError';
  console.log(same ? 'ok: still so' : 'changed: another normalization');
  process.exit(same ? 0 : 1);
})();
END

echo "onnxruntime-common 1.30.0, Node.js $(node -v)"
node finding.cjs
