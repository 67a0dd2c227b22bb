#!/usr/bin/env bash
# Guess: a client that hashes keys by murmur2, as Java does, puts a key into Java's partition.
# So is: @platformatic/kafka hashes alike and then takes the hash as an unsigned number, where Java masks its
#        sign: equal where the number of partitions is a power of two, and on 6 partitions 36 of 64 cameras
#        are elsewhere, on 12 too. Its compatibilityPartitioner puts all where Java does.
# With:  @platformatic/kafka 1.35.0, kafka-clients 4.2.2 (BuiltInPartitioner). A test on 4 or 8 partitions
#        shows nothing.
# So:    a camera sent by two producers is out of order, and tracks tear, once a topic has 6, 12 or 24
#        partitions. Set partitioner: compatibilityPartitioner.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.2.2</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }
npm install --silent --no-fund --no-audit --ignore-scripts @platformatic/kafka@1.35.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > keys.mjs <<'END'
import {compatibilityPartitioner, defaultPartitioner} from '@platformatic/kafka';
for (let i = 0; i < 64; i++) {
  const key = Buffer.from('camera-' + i);
  console.log(defaultPartitioner({key}, key) + ' ' + compatibilityPartitioner({key}, key));
}
END

cat > Finding.java <<'END'
import java.nio.file.*;
import java.util.*;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.AppInfoParser;

public class Finding {
  public static void main(String[] args) throws Exception {
    System.out.println("kafka-clients " + AppInfoParser.getVersion());
    List<String> lines = Files.readAllLines(Path.of("keys.txt"));
    String seen = "";
    for (int partitions : new int[] {6, 8, 12}) {
      int usual = 0, compatible = 0;
      for (int i = 0; i < 64; i++) {
        int java = BuiltInPartitioner.partitionForKey(("camera-" + i).getBytes(), partitions);
        String[] hashes = lines.get(i).split(" ");
        if (Long.parseLong(hashes[0]) % partitions != java) usual++;
        if (Long.parseLong(hashes[1]) % partitions != java) compatible++;
      }
      seen += partitions + " partitions: " + usual + " of 64 cameras elsewhere, with compatibilityPartitioner " + compatible + "\n";
    }
    System.out.print(seen);
    boolean same = seen.equals("6 partitions: 36 of 64 cameras elsewhere, with compatibilityPartitioner 0\n"
        + "8 partitions: 0 of 64 cameras elsewhere, with compatibilityPartitioner 0\n"
        + "12 partitions: 36 of 64 cameras elsewhere, with compatibilityPartitioner 0\n");
    System.out.println(same ? "ok: still so" : "changed: the clients agree, or differ otherwise");
    System.exit(same ? 0 : 1);
  }
}
END

node keys.mjs > keys.txt
java -cp "$(cat classpath)" Finding.java
