#!/usr/bin/env bash
# Guess: DJL's new Resize(n), like torchvision's Resize(n), whose names and order its transforms have, makes the shorter
#        side n and keeps the shape of the picture.
# So is: it makes n x n: a frame of 64 x 32 becomes 16 x 16, squeezed to half its width. ResizeShort(n) is
#        torchvision's. CenterCrop() without a size is a square of the shorter side, as one would guess.
# With:  ai.djl:api 0.35.1, pytorch-engine 0.35.1 with PyTorch 2.7.1.
# So:    Resize(256), CenterCrop(224) copied from a PyTorch recipe shows a network squeezed pictures with no error:
#        some points of accuracy, more the wider the camera.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>ai.djl</groupId><artifactId>api</artifactId><version>0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.35.1</version></dependency>
  <dependency><groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version><classifier>linux-x86_64</classifier></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.*;
import ai.djl.ndarray.*;
import java.awt.image.BufferedImage;

public class Finding {
  public static void main(String[] args) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray wide = ImageFactory.getInstance().fromImage(new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB)).toNDArray(manager);
      String seen = "picture " + wide.getShape() + ", Resize(16) " + new Resize(16).transform(wide).getShape() + ", ResizeShort(16) " + new ResizeShort(16).transform(wide).getShape()
          + ", CenterCrop() " + new CenterCrop().transform(wide).getShape();
      System.out.println(seen);
      boolean same = seen.equals("picture (32, 64, 3), Resize(16) (16, 16, 3), ResizeShort(16) (16, 32, 3), CenterCrop() (32, 32, 3)");
      System.out.println(same ? "ok: still so" : "changed: another size");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
