#!/usr/bin/env bash
# Guess: a NaN in a feature map comes through maximum pooling as NaN, or depends on where it stands.
# So is: maxPool leaves it out wherever it stands, and a window of nothing but NaN becomes minus infinity, which
#        relu behind it makes 0. relu, max and avgPool keep it, and so does MaxPool of ONNX Runtime.
# With:  @tensorflow/tfjs 4.22.0 (backend cpu), onnxruntime-web 1.30.0, onnx-proto 8.0.1 (npm).
# So:    a network with pooling answers with sound numbers after weights or pixels have gone wrong. Check the
#        input and the weights, not the logits alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit --ignore-scripts @tensorflow/tfjs@4.22.0 onnxruntime-web@1.30.0 onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const tf = require('@tensorflow/tfjs'), ort = require('onnxruntime-web'), {onnx} = require('onnx-proto');
ort.env.wasm.numThreads = 1;
const value = (name, dims) => ({name, type: {tensorType: {elemType: 1, shape: {dim: dims.map(dimValue => ({dimValue}))}}}});
(async () => {
  await tf.setBackend('cpu');
  const model = onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}], graph: {name: 'g', input: [value('x', [1, 1, 2, 2])],
    output: [value('y', [1, 1, 1, 1])], node: [{opType: 'MaxPool', input: ['x'], output: ['y'], attribute: [{name: 'kernel_shape', type: 7, ints: [2, 2]}]}]}})).finish();
  const session = await ort.InferenceSession.create(model);
  const onnxPool = async values => (await session.run({x: new ort.Tensor('float32', Float32Array.from(values), [1, 1, 2, 2])})).y.data[0];
  const pool = values => tf.maxPool(tf.tensor4d(values, [1, 2, 2, 1]), 2, 2, 'valid').dataSync()[0];
  const places = [0, 1, 2, 3].map(at => [1, 2, 3, 4].map((value, i) => (i === at ? NaN : value)));
  const placed = places.map(pool), all = pool([NaN, NaN, NaN, NaN]), others = [];
  for (const values of places) others.push(await onnxPool(values));
  const behind = tf.relu(tf.maxPool(tf.fill([1, 2, 2, 1], NaN), 2, 2, 'valid')).dataSync()[0];
  const mean = tf.avgPool(tf.tensor4d([NaN, 2, 3, 4], [1, 2, 2, 1]), 2, 2, 'valid').dataSync()[0];
  const most = tf.max([1, NaN, 3]).dataSync()[0], relu = tf.relu([NaN]).dataSync()[0];
  console.log(`maxPool of 1 2 3 4 with NaN in each place: ${placed}; ONNX Runtime: ${others}`);
  console.log(`of NaN alone: ${all}, and through relu: ${behind}; avgPool: ${mean}; max: ${most}; relu: ${relu}`);
  const same = placed.join() === '4,4,4,3' && all === -Infinity && behind === 0 && [mean, most, relu, ...others].every(Number.isNaN);
  console.log(same ? 'ok: still so' : 'changed: both pool NaN alike');
  process.exit(same ? 0 : 1);
})();
END

node finding.cjs 2> /dev/null
