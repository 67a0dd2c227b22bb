#!/usr/bin/env bash
# Guess: Tensor.fromImage(image, {resizedWidth: 2, resizedHeight: 2}) gives the whole picture, scaled to 2 x 2.
# So is: it gives the upper left corner of 2 x 2 pixels. A size above the picture's adds black to the right
#        and below. Nothing is scaled, and nothing says so.
# With:  onnxruntime-common 1.30.0 (in onnxruntime-web and -node), with @napi-rs/canvas 1.1.1 as the canvas
#        that a browser has. https://onnxruntime.ai/docs/api/js/interfaces/TensorFactory.html
# So:    a network tried in the browser before its frames go to Kafka sees a corner of each. Draw the picture
#        into a canvas of the network's size, and give fromImage that canvas's pixels.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit onnxruntime-common@1.30.0 @napi-rs/canvas@1.1.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const {createCanvas, ImageData} = require('@napi-rs/canvas');
const {Tensor} = require('onnxruntime-common');
Object.assign(globalThis, {ImageData, HTMLCanvasElement: createCanvas(1, 1).constructor, document: {createElement: () => createCanvas(1, 1)}});
const pixels = new Uint8ClampedArray(4 * 4 * 4).fill(255);
for (let i = 0; i < 16; i++) pixels[4 * i] = 10 * i;
(async () => {
  const reds = async size => {
    const tensor = await Tensor.fromImage(new ImageData(pixels, 4, 4), {resizedWidth: size, resizedHeight: size});
    return [...tensor.data.slice(0, size * size)].map(value => Math.round(255 * value)).join(' ');
  };
  console.log('red of a picture of 4 x 4: ' + pixels.filter((_, i) => i % 4 === 0).join(' '));
  const small = await reds(2), large = await reds(5);
  console.log(`"resized" to 2 x 2: ${small}\n"resized" to 5 x 5: ${large}`);
  const same = small === '0 10 40 50' && large === '0 10 20 30 0 40 50 60 70 0 80 90 100 110 0 120 130 140 150 0 0 0 0 0 0';
  console.log(same ? 'ok: still so' : 'changed: the picture is scaled, or cut in another way');
  process.exit(same ? 0 : 1);
})();
END

echo "onnxruntime-common 1.30.0, Node.js $(node -v)"
node finding.cjs
