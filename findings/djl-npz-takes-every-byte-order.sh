#!/usr/bin/env bash
# Guess: an NPZ of NumPy with big-endian floats (">f4", as from IDX, FITS or a network dump) is read, or refused.
# So is: DJL takes the bytes as little-endian: 1 and 2 become 4.6e-41 and 9e-44, in silence. An array in Fortran
#        order is refused, with its header as the message.
# With:  ai.djl:api 0.35.1, pytorch-engine 0.35.1 with PyTorch 2.7.1; the bytes are NumPy's format 1.0.
# So:    weights or frames carried over look like an untrained network, not like an error. Write
#        astype('<f4', order='C'), and compare one value.
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
import ai.djl.ndarray.*;
import java.io.*;
import java.nio.*;
import java.util.zip.*;

public class Finding {
  /** What numpy.savez writes for the floats 1 and 2. */
  static byte[] npz(String descr, ByteOrder order, boolean fortran, String shape) throws IOException {
    String header = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" + shape + "), }";
    header = String.format("%-117s\n", header);
    ByteBuffer file = ByteBuffer.allocate(128 + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY\1\0".getBytes()).putShort((short) 118).put(header.getBytes());
    file.order(order).putFloat(1).putFloat(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("w.npy"));
      zip.write(file.array());
    }
    return out.toByteArray();
  }

  public static void main(String[] args) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] little = NDList.decode(manager, npz("<f4", ByteOrder.LITTLE_ENDIAN, false, "2,")).get(0).toFloatArray();
      float[] big = NDList.decode(manager, npz(">f4", ByteOrder.BIG_ENDIAN, false, "2,")).get(0).toFloatArray();
      String fortran = "read";
      try {
        NDList.decode(manager, npz("<f4", ByteOrder.LITTLE_ENDIAN, true, "1, 2"));
      } catch (IllegalArgumentException e) {
        fortran = "refused";
      }
      System.out.printf("<f4: %s %s; >f4: %s %s; Fortran order: %s%n", little[0], little[1], big[0], big[1], fortran);
      boolean same = little[0] == 1 && little[1] == 2 && big[0] == 4.6006E-41f && big[1] == 8.96831E-44f && fortran.equals("refused");
      System.out.println(same ? "ok: still so" : "changed: the byte order counts");
      System.exit(same ? 0 : 1);
    }
  }
}
END

java -Djava.io.tmpdir="$work" -cp "$(cat classpath)" Finding.java
