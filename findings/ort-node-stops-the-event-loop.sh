#!/usr/bin/env bash
# Guess: await session.run() computes on other threads, as asynchronous native add-ons do: meanwhile the
#        process answers, and calls of three sessions overlap.
# So is: the whole computation runs in the event loop's own thread. No timer fires during a run, three runs
#        in Promise.all take three times as long as one.
# With:  onnxruntime-node 1.30.0 (npm), onnx-proto 8.0.1 to write the model, kafkajs 2.2.4 is such a process.
# So:    a consumer in Node that classifies cannot send heartbeats while a network runs: a slow batch costs
#        the group its member. Put sessions into worker threads, or leave the classifying to the job.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit --ignore-scripts onnxruntime-node@1.30.0 onnx-proto@8.0.1 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const ort = require('onnxruntime-node');
const {onnx} = require('onnx-proto');
const N = 1000;
const value = (name, ...dims) => ({name, type: {tensorType: {elemType: 1, shape: {dim: dims.map(dimValue => ({dimValue}))}}}});
const node = Array.from({length: 6}, (_, i) => ({opType: 'MatMul', input: [i ? 't' + i : 'x', 'x'], output: ['t' + (i + 1)]}));
node.push({opType: 'ReduceMax', input: ['t6'], output: ['y']});
const model = onnx.ModelProto.encode(onnx.ModelProto.create({irVersion: 8, opsetImport: [{domain: '', version: 17}],
  graph: {name: 'g', input: [value('x', N, N)], output: [value('y', 1, 1)], node}})).finish();
(async () => {
  const sessions = [];
  for (let i = 0; i < 3; i++) sessions.push(await ort.InferenceSession.create(model, {intraOpNumThreads: 1}));
  const feeds = {x: new ort.Tensor('float32', new Float32Array(N * N).fill(0.001), [N, N])};
  let beats = 0, during = [];
  const heart = setInterval(() => beats++, 1);
  await new Promise(resolve => setTimeout(resolve, 50));
  const before = beats;
  const start = performance.now();
  await Promise.all(sessions.map(session => session.run(feeds).then(() => during.push(beats))));
  const ms = performance.now() - start;
  clearInterval(heart);
  // A beat of 1 ms could come once between two runs, never while one computes.
  const missed = during.at(-1) - before;
  console.log(`a timer of 1 ms: ${before > 0 ? 'fires' : 'never fires'} when idle, ${missed} time(s) in ${Math.round(ms)} ms of three runs`);
  const same = before > 5 && ms > 60 && missed <= 3;
  console.log(same ? 'ok: still so' : 'changed: the event loop goes on while a network runs');
  process.exit(same ? 0 : 1);
})();
END

echo "onnxruntime-node $(node -p "require('onnxruntime-node/package.json').version"), Node.js $(node -v)"
node finding.cjs
