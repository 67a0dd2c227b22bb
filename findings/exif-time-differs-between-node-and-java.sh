#!/usr/bin/env bash
# Guess: DateTimeOriginal with OffsetTimeOriginal (+09:00) and SubSecTimeOriginal is one instant, for every
#        library that gives a Date.
# So is: metadata-extractor (Java) takes all three: 03:00:00.250Z. exifr (Node, browser) leaves offset and
#        fraction aside and takes the clock time for local time of the machine that reads: 12:00Z in UTC,
#        10:00Z in Berlin. metadata-extractor's plain getDate(tag) takes it for UTC.
# With:  exifr 7.1.3 (npm), com.drewnoakes:metadata-extractor 2.19.0, sharp 0.35.5 to write the JPEG.
# So:    the capture time of a frame (timestampMs, a record's timestamp) moves by hours with the producer's
#        library and time zone, and deadlines, watermarks and retention with it. Compose the instant from
#        the three fields, and do not guess a zone where none is written.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>com.drewnoakes</groupId><artifactId>metadata-extractor</artifactId><version>2.19.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit sharp@0.35.5 exifr@7.1.3 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > write.mjs <<'END'
import sharp from 'sharp';
await sharp(Buffer.alloc(64 * 48 * 3, 100), {raw: {width: 64, height: 48, channels: 3}})
  .withExif({IFD2: {DateTimeOriginal: '2026:06:01 12:00:00', OffsetTimeOriginal: '+09:00', SubSecTimeOriginal: '250'}}).jpeg().toFile('photo.jpg');
END

cat > read.mjs <<'END'
import exifr from 'exifr';
const {DateTimeOriginal, OffsetTimeOriginal, SubSecTimeOriginal} = await exifr.parse('photo.jpg');
console.log(`exifr, ${process.env.TZ}: ${DateTimeOriginal.toISOString()} (offset ${OffsetTimeOriginal}, fraction ${SubSecTimeOriginal})`);
END

cat > Finding.java <<'END'
import com.drew.imaging.ImageMetadataReader;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import java.io.File;

public class Finding {
  public static void main(String[] args) throws Exception {
    ExifSubIFDDirectory exif = ImageMetadataReader.readMetadata(new File("photo.jpg")).getFirstDirectoryOfType(ExifSubIFDDirectory.class);
    System.out.println("metadata-extractor, " + System.getenv("TZ") + ": " + exif.getDateOriginal().toInstant() + ", getDate "
        + exif.getDate(ExifSubIFDDirectory.TAG_DATETIME_ORIGINAL).toInstant());
  }
}
END

node write.mjs
for zone in UTC Europe/Berlin; do
  TZ=$zone node read.mjs
  TZ=$zone java -cp "$(cat classpath)" Finding.java
done | tee seen
cat > expected <<'END'
exifr, UTC: 2026-06-01T12:00:00.000Z (offset +09:00, fraction 250)
metadata-extractor, UTC: 2026-06-01T03:00:00.250Z, getDate 2026-06-01T12:00:00Z
exifr, Europe/Berlin: 2026-06-01T10:00:00.000Z (offset +09:00, fraction 250)
metadata-extractor, Europe/Berlin: 2026-06-01T03:00:00.250Z, getDate 2026-06-01T12:00:00Z
END
if cmp -s seen expected; then echo "ok: still so"; else echo "changed: expected"; cat expected; exit 1; fi
