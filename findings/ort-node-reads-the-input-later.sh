#!/usr/bin/env bash
# Guess: session.run(feeds) has taken its input when it returns its promise, as a native call on a buffer
#        does: the buffer may be filled with the next frame while the answer is awaited.
# So is: run() only asks for a later turn of the event loop. What is in the buffer then is classified: the
#        network sees the next frame, for both calls, and no error is possible.
# With:  onnxruntime-node 1.30.0 (npm), onnx-proto 8.0.1 to write the model.
# So:    a camera's ring buffer, or one Float32Array reused per frame, gives frames the answers of their
#        successors. Await each run before its buffer is written to, or use a buffer for each.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit --ignore-scripts onnxruntime-node@1.30.0 onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const ort = require('onnxruntime-node');
const {onnx} = require('onnx-proto');
const value = name => ({name, type: {tensorType: {elemType: 1, shape: {dim: [{dimParam: 'N'}]}}}});
const identity = onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}],
  graph: {name: 'g', input: [value('x')], output: [value('y')], node: [{opType: 'Identity', input: ['x'], output: ['y']}]}})).finish();
(async () => {
  const session = await ort.InferenceSession.create(identity);
  const frame = new Float32Array(2);
  const tensor = new ort.Tensor('float32', frame, [2]);
  const answers = [];
  for (const camera of [1, 2, 3]) {
    frame.fill(camera);
    answers.push(session.run({x: tensor}));
  }
  const reused = (await Promise.all(answers)).map(answer => answer.y.data[0]).join(' ');
  const awaited = [];
  for (const camera of [1, 2, 3]) {
    frame.fill(camera);
    awaited.push((await session.run({x: tensor})).y.data[0]);
  }
  console.log(`frames 1 2 3 through one buffer: ${reused}; each awaited: ${awaited.join(' ')}`);
  const same = reused === '3 3 3' && awaited.join(' ') === '1 2 3';
  console.log(same ? 'ok: still so' : 'changed: run() takes its input when it is called');
  process.exit(same ? 0 : 1);
})();
END

echo "onnxruntime-node $(node -p "require('onnxruntime-node/package.json').version"), Node.js $(node -v)"
node finding.cjs
