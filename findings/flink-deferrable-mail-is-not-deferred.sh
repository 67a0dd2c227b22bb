#!/usr/bin/env bash
# Guess: a mail that an operator submits as deferrable is run when its task has nothing else to do; one that submits
#        itself again keeps the task from its input.
# So is: it is run before the next record, however many are ready; "deferrable" keeps it out of yield() alone. While
#        there is a mail a task takes a single record and looks into the mailbox again, so that a mail that submits
#        itself again and records take strict turns.
# With:  Flink 2.3.0.
# So:    nothing in Flink runs an operator's work in the task's idle time. But no record between two such mails means
#        that there was none: that is how a micro-batch learns that its thread would be idle.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > pom.xml <<'XML'
<project>
 <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
 <dependencies>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
  <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
 </dependencies>
</project>
XML
mvn -q -B -ntp -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile=classpath > maven.log 2>&1 || { cat maven.log; exit 1; }

cat > Finding.java <<'END'
import java.util.*;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.*;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

public class Finding {
  static final int RECORDS = 1000;
  /** How many records had come when a mail ran. */
  static final List<Integer> SEEN = Collections.synchronizedList(new ArrayList<>());

  static class Operator extends AbstractStreamOperator<Long> implements OneInputStreamOperator<Long, Long> {
    private final transient MailboxExecutor mailbox;
    private transient int came;

    Operator(StreamOperatorParameters<Long> parameters) {
      super(parameters);
      mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void processElement(StreamRecord<Long> record) {
      if (++came == 1) submit();
    }

    private void submit() {
      mailbox.execute(MailboxExecutor.MailOptions.deferrable(), this::mail, "a deferrable mail");
    }

    private void mail() {
      SEEN.add(came);
      if (came < RECORDS) submit();
    }
  }

  static class Factory extends AbstractStreamOperatorFactory<Long> implements OneInputStreamOperatorFactory<Long, Long> {
    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<Long>> T createStreamOperator(StreamOperatorParameters<Long> parameters) {
      return (T) new Operator(parameters);
    }

    @Override
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
      return Operator.class;
    }
  }

  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.port", "0");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    env.fromSource(new NumberSequenceSource(1, RECORDS), WatermarkStrategy.noWatermarks(), "numbers")
        .transform("mails", Types.LONG, new Factory()).sinkTo(new DiscardingSink<>());
    env.execute();
    int most = SEEN.get(0);
    for (int i = 1; i < SEEN.size(); i++) most = Math.max(most, SEEN.get(i) - SEEN.get(i - 1));
    System.out.println("Flink " + org.apache.flink.runtime.util.EnvironmentInformation.getVersion()
        + ", " + RECORDS + " records that are ready, a deferrable mail that submits itself again");
    System.out.printf("the first mail ran after %d record; %d mails ran, at most %d record between two%n", SEEN.get(0), SEEN.size(), most);
    boolean same = SEEN.get(0) == 1 && most == 1 && SEEN.size() >= RECORDS;
    System.out.println(same ? "ok: still so" : "changed: mails and records do not take turns");
    Runtime.getRuntime().halt(same ? 0 : 1);
  }
}
END

javac -nowarn -cp "$(cat classpath)" -d classes *.java 2> javac.log || { cat javac.log; exit 1; }
java --add-opens=java.base/java.util=ALL-UNNAMED -cp "classes:$(cat classpath)" Finding 2> run.log || { tail -20 run.log; exit 1; }
