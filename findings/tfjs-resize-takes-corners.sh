#!/usr/bin/env bash
# Guess: tf.image.resizeBilinear to half the size takes the middle of each pair of pixels, as ONNX's Resize, PyTorch and
#        OpenCV do, and TensorFlow since version 2.
# So is: by default it takes every second pixel: 0 10 .. 70 becomes 0 20 40 60, a picture without every other column
#        and shifted by half a pixel, and enlarged its last pixels stand twice. Only with halfPixelCenters =
#        true, the fourth argument, it is 5 25 45 65. ONNX Runtime's default gives that.
# With:  @tensorflow/tfjs 4.22.0, onnxruntime-web 1.30.0, onnx-proto 8.0.1 (npm).
# So:    a page that prepares frames with tf.js gives a network other pixels than the job: resizeBilinear(x, size,
#        false, true), and for small sizes an antialiased tool before it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit --ignore-scripts @tensorflow/tfjs@4.22.0 onnxruntime-web@1.30.0 onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const tf = require('@tensorflow/tfjs'), ort = require('onnxruntime-web'), {onnx} = require('onnx-proto');
ort.env.wasm.numThreads = 1;
const row = values => Array.from(values).map(value => +value.toFixed(3)).join(' ');
const value = (name, dims) => ({name, type: {tensorType: {elemType: 1, shape: {dim: dims.map(dimValue => ({dimValue}))}}}});
(async () => {
  await tf.setBackend('cpu');
  const seen = [];
  for (const [from, to] of [[8, 4], [4, 8]]) {
    const pixels = Float32Array.from({length: from}, (_, i) => 10 * i), x = tf.tensor(pixels, [1, from, 1]);
    const model = onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}], graph: {name: 'g', input: [value('x', [1, 1, 1, from])],
      output: [value('y', [1, 1, 1, to])], initializer: [{name: 's', dims: [4], dataType: 7, int64Data: [1, 1, 1, to]}],
      node: [{opType: 'Resize', input: ['x', '', '', 's'], output: ['y'], attribute: [{name: 'mode', type: 3, s: Buffer.from('linear')}]}]}})).finish();
    const {y} = await (await ort.InferenceSession.create(model)).run({x: new ort.Tensor('float32', pixels, [1, 1, 1, from])});
    seen.push(`${from} to ${to}: tf.js ${row(tf.image.resizeBilinear(x, [1, to]).dataSync())}; halfPixelCenters ${row(tf.image.resizeBilinear(x, [1, to], false, true).dataSync())}; ONNX ${row(y.data)}`);
  }
  console.log(seen.join('\n'));
  const same = seen[0] === '8 to 4: tf.js 0 20 40 60; halfPixelCenters 5 25 45 65; ONNX 5 25 45 65'
    && seen[1] === '4 to 8: tf.js 0 5 10 15 20 25 30 30; halfPixelCenters 0 2.5 7.5 12.5 17.5 22.5 27.5 30; ONNX 0 2.5 7.5 12.5 17.5 22.5 27.5 30';
  console.log(same ? 'ok: still so' : 'changed: other places are sampled');
  process.exit(same ? 0 : 1);
})();
END

node finding.cjs 2> run.log | grep -v '^ *$' | grep -E '^(4|8|ok|changed)' || { cat run.log; exit 1; }
