#!/usr/bin/env bash
# Guess: with onnxruntime.native.path, which names a folder with the native libraries, nothing has to
#        be unpacked, so that a file system that cannot be written is no problem.
# So is: a temporary directory is made all the same, before the folder is looked at. Where that cannot
#        be done the first use throws ExceptionInInitializerError, and each later one
#        NoClassDefFoundError, which names neither the directory nor the cause.
# With:  ONNX Runtime Java 1.28.0, the same with 1.29.0.
# So:    containers with a read-only root need a volume for java.io.tmpdir. Catch LinkageError at the
#        first use and say so: later the cause is gone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.28.0</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import ai.onnxruntime.OrtEnvironment;

public class Finding {
  public static void main(String[] args) {
    String first = load();
    String second = load();
    System.out.println(args[0] + ": " + first + "; then " + second);
    boolean fails = first.contains("ExceptionInInitializerError") && second.contains("NoClassDefFoundError");
    System.exit(args[0].equals("usable") ? (first.equals("loaded") ? 0 : 1) : (fails ? 0 : 1));
  }

  static String load() {
    try {
      OrtEnvironment.getEnvironment();
      return "loaded";
    } catch (LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) cause = cause.getCause();
      return e.getClass().getSimpleName() + " (" + cause + ")";
    }
  }
}
END

javac -cp "$(cat classpath)" Finding.java
mkdir native
(cd native && jar xf "$(tr : '\n' < ../classpath | grep onnxruntime)" ai/onnxruntime/native/linux-x64)
folder=$work/native/ai/onnxruntime/native/linux-x64
run() { java -Djava.io.tmpdir="$2" -Donnxruntime.native.path="$folder" -cp "$(cat classpath):." Finding "$1"; }
run unusable /proc/none && run usable "$work" || { echo "changed: the folder is enough"; exit 1; }
echo "ok: still so"
