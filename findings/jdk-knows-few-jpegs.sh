#!/usr/bin/env bash
# Guess: URLConnection.guessContentTypeFromStream tells any JPEG by FF D8 FF, and says nothing of what it does
#        not know.
# So is: it looks at the fourth byte too: JPEGs that begin with a quantization table (FF DB), as sharp writes
#        them and RTP and many MJPEG cameras send them, with a comment (FE) or with Adobe's XMP are unknown
#        (null), and a WebP is "audio/x-wav", for its RIFF. Tika and file-type know them all.
# With:  JDK 17, Tika 3.2.3 (tika-core), file-type 21.3.4 (npm), JPEGs and WebP by sharp 0.35.5.
# So:    a gateway that fills in the content type by the JDK drops a camera's frames or calls a picture sound.
#        What frames hold is told from their first three bytes here, whatever the content type says.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.tika</groupId><artifactId>tika-core</artifactId><version>3.2.3</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit sharp@0.35.5 file-type@21.3.4 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > make.mjs <<'END'
import fs from 'node:fs';
import sharp from 'sharp';
import {fileTypeFromBuffer} from 'file-type';
const picture = () => sharp(Buffer.alloc(16 * 16 * 3, 90), {raw: {width: 16, height: 16, channels: 3}});
const bare = await picture().jpeg().toBuffer();
const segment = (marker, text) => {
  const head = Buffer.from([0xff, marker, 0, text.length + 2]);
  return Buffer.concat([bare.subarray(0, 2), head, Buffer.from(text, 'latin1'), bare.subarray(2)]);
};
const files = {
  'jfif.jpg': segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'),
  'tables-first.jpg': bare,
  'comment-first.jpg': segment(0xfe, 'camera 4'),
  'xmp-first.jpg': segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'),
  'picture.webp': await picture().webp().toBuffer(),
};
for (const [name, bytes] of Object.entries(files)) {
  await sharp(bytes).raw().toBuffer();
  fs.writeFileSync(name, bytes);
  console.log(`file-type: ${name} ${(await fileTypeFromBuffer(bytes)).mime}`);
}
END

cat > Finding.java <<'END'
import java.io.*;
import java.net.URLConnection;
import java.nio.file.*;
import javax.imageio.ImageIO;
import org.apache.tika.Tika;

public class Finding {
  public static void main(String[] args) throws Exception {
    for (String name : args) {
      byte[] bytes = Files.readAllBytes(Path.of(name));
      boolean readable = name.endsWith("webp") || ImageIO.read(new ByteArrayInputStream(bytes)) != null;
      System.out.println("JDK: " + name + " " + URLConnection.guessContentTypeFromStream(new ByteArrayInputStream(bytes))
          + ", Tika " + new Tika().detect(bytes) + (readable ? "" : ", unreadable"));
    }
  }
}
END

node make.mjs | tee seen
java -cp "$(cat classpath)" Finding.java jfif.jpg tables-first.jpg comment-first.jpg xmp-first.jpg picture.webp | tee -a seen
cat > expected <<'END'
file-type: jfif.jpg image/jpeg
file-type: tables-first.jpg image/jpeg
file-type: comment-first.jpg image/jpeg
file-type: xmp-first.jpg image/jpeg
file-type: picture.webp image/webp
JDK: jfif.jpg image/jpeg, Tika image/jpeg
JDK: tables-first.jpg null, Tika image/jpeg
JDK: comment-first.jpg null, Tika image/jpeg
JDK: xmp-first.jpg null, Tika image/jpeg
JDK: picture.webp audio/x-wav, Tika image/webp
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
