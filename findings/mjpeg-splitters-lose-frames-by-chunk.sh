#!/usr/bin/env bash
# Guess: a stream parser finds the same frames however the network cuts the stream.
# So is: pipe2jpeg, for ffmpeg's pipe, looks for the end mark FF D9 within one chunk: cut between the two bytes, two
#        frames come out as one file, of which decoders show the first. mjpeg-consumer, for cameras' multipart
#        streams, takes at most one frame of a chunk: in reads of 64 KiB, half of 8 frames of 18 to 29 kB are
#        gone. Neither says so.
# With:  pipe2jpeg 0.3.0, mjpeg-consumer 2.0.0 (npm), sharp 0.35.5 for the frames.
# So:    a gateway in Node loses frames when it is busiest (full buffers are large chunks), and the job sees a
#        slower camera. Split by Content-Length over a buffer of one's own, and count.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit pipe2jpeg@0.3.0 mjpeg-consumer@2.0.0 sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > finding.cjs <<'END'
const sharp = require('sharp'), Pipe2Jpeg = require('pipe2jpeg'), MjpegConsumer = require('mjpeg-consumer');
(async () => {
  const frames = [];
  for (let i = 0; i < 8; i++) {
    const noise = Buffer.from(Uint8Array.from({length: 320 * 240 * 3}, (_, k) => Math.imul(k + 1, 2654435761 * (i + 3)) >>> 13));
    frames.push(await sharp(noise, {raw: {width: 320, height: 240, channels: 3}}).jpeg({quality: 60}).toBuffer());
  }
  const intact = found => found.filter(file => frames.some(frame => frame.equals(file))).length + ' of ' + found.length;
  const seen = [];

  const pipe = cut => new Promise(resolve => {
    const found = [], parser = new Pipe2Jpeg();
    parser.on('jpeg', file => found.push(Buffer.from(file)));
    const all = Buffer.concat(frames);
    parser.write(all.subarray(0, cut));
    parser.write(all.subarray(cut), () => setImmediate(() => resolve(found)));
  });
  seen.push(`pipe2jpeg, 8 frames cut after a whole one: intact ${intact(await pipe(frames[0].length))}`);
  seen.push(`pipe2jpeg, 8 frames cut within an end mark: intact ${intact(await pipe(frames[0].length - 1))}`);

  const multipart = Buffer.concat(frames.flatMap(frame => [Buffer.from(`--cut\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.length}\r\n\r\n`), frame, Buffer.from('\r\n')]));
  for (const size of [4096, 65536]) {
    const found = [], parser = new MjpegConsumer();
    parser.on('data', file => found.push(Buffer.from(file)));
    for (let at = 0; at < multipart.length; at += size) await new Promise(resolve => parser.write(Buffer.from(multipart.subarray(at, at + size)), resolve));
    await new Promise(resolve => setImmediate(resolve));
    seen.push(`mjpeg-consumer, 8 frames in reads of ${size}: intact ${intact(found)}`);
  }
  console.log(`frames of ${Math.min(...frames.map(frame => frame.length))} to ${Math.max(...frames.map(frame => frame.length))} bytes\n` + seen.join('\n'));
  const fewer = / (\d) of (\d)$/.exec(seen[3]);
  const same = seen[0].endsWith('8 of 8') && seen[1].endsWith('6 of 7') && seen[2].endsWith('8 of 8') && Number(fewer[1]) < 6;
  console.log(same ? 'ok: still so' : 'changed: chunks do not matter, or in another way');
  process.exit(same ? 0 : 1);
})();
END

node finding.cjs
