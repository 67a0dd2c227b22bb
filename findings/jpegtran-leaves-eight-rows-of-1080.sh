#!/usr/bin/env bash
# Guess: jpegtran turns or mirrors any JPEG without loss; whether the sizes are multiples of 8 is its business.
# So is: it moves whole blocks of 16 pixels (4:2:0). 1080 is 67 of them and 8 rows: turned upside down, those 8
#        rows stay at the bottom, unturned, and the rest moves up by 8. Exit code 0, no word. With -rotate 90
#        they become the last columns. -perfect refuses instead, -trim cuts them off; 1920 x 1088 is whole.
# With:  jpegtran of libjpeg-turbo-progs 1:2.1.5-2 (Debian 12), sharp 0.35.5.
# So:    every Full HD frame of a camera that hangs upside down, or data set mirrored so, has a torn edge, and
#        boxes are 8 pixels off. Use -perfect, and turn what it refuses by decoding.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-fund --no-audit sharp@0.35.5 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.js <<'END'
const sharp = require('sharp'), w = 64;
for (const h of [1080, 1088]) {
  const raw = Buffer.alloc(w * h * 3, 20);
  raw.fill(235, 0, 3 * w * 200);
  raw.fill(128, 3 * w * (h - 8));
  sharp(raw, {raw: {width: w, height: h, channels: 3}}).jpeg({quality: 95}).toFile(h + '.jpg');
}
END

cat > look.js <<'END'
const sharp = require('sharp');
(async () => {
  for (const h of [1080, 1088]) {
    const turned = await sharp(h + '-turned.jpg').raw().toBuffer(), grey = y => Math.round(turned[3 * (64 * y + 32)] / 20) * 20;
    console.log(`${h} rows, upside down: first row ${grey(0)}, last row ${grey(h - 1)}, tenth from below ${grey(h - 10)}`);
  }
})();
END

set -- libjpeg-turbo-progs=1:2.1.5-2 libjpeg62-turbo=1:2.1.5-2 libturbojpeg0=1:2.1.5-2
apt-get -qq download "$@" > apt.log 2>&1 || { cat apt.log; echo "needs Debian 12 and apt-get update"; exit 1; }
for package in *.deb; do dpkg -x "$package" debian; done
jpegtran() { LD_LIBRARY_PATH=debian/usr/lib/x86_64-linux-gnu debian/usr/bin/jpegtran "$@"; }
node make.js
echo "a picture with a white top (240), black below (20) and 8 last rows of grey (120)"
for height in 1080 1088; do
  jpegtran -rotate 180 $height.jpg > $height-turned.jpg
  jpegtran -perfect -rotate 180 $height.jpg > perfect.jpg 2> /dev/null && echo "$height -perfect: turned" || echo "$height -perfect: refused"
done | tee seen
node look.js | tee -a seen
cat > expected <<'END'
1080 -perfect: refused
1088 -perfect: turned
1080 rows, upside down: first row 20, last row 120, tenth from below 240
1088 rows, upside down: first row 120, last row 240, tenth from below 240
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
