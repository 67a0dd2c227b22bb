package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.TestBundle;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that cannot be: one sentence, before anything is created. */
class FrameTableTest {

  private static final String NOBODY = "'kafka.bootstrapServers' = 'localhost:1'";

  @Test
  void option_thatIsNone_isRefusedWithThoseThereAre() {
    refused("label INT", "'kafka.topic' = 'frames'")
        .hasMessageContaining("The table t has the unknown option kafka.topic; known are bundle,")
        .hasMessageContaining("kafka.topics.frames");
  }

  @Test
  void option_thatFlinkHas_isRefusedWithThatOfFlink() {
    refused("label INT", "'job.parallelism' = '2'")
        .hasMessageContaining(
            "The table t has the option job.parallelism, which is none of a table: SET 'parallelism.default'.");
  }

  @Test
  void value_thatIsNone_isRefusedInTheWordsOfTheJob() {
    refused("label INT", "'inference.budget' = 'some'")
        .hasMessageContaining("In the options of the table t, inference.budget is \"some\"");
  }

  @Test
  void broker_thatIsMissing_isRefused() {
    String bundle = "'connector' = 'boostnet', 'bundle' = 'b'";
    refusedWith("label INT", bundle).hasMessageContaining("kafka.bootstrapServers is not set");
  }

  @Test
  void bundle_thatIsMissing_isRefused() {
    refused("label INT", "'kafka.topics.frames' = 'frames'")
        .hasMessageContaining("The table t: ")
        .hasMessageContaining("no-such-bundle");
  }

  /** Rows go to no topic, so that the default one of the job is free. */
  @ParameterizedTest
  @ValueSource(strings = {"predictions", "frames,predictions", "pattern:frames|predictions"})
  void frames_mayComeFromATopicCalledPredictions(String topics) {
    refused("label INT", "'kafka.topics.frames' = '" + topics + "'")
        .hasMessageContaining("no-such-bundle"); // and nothing before it
  }

  @Test
  void frames_fromTheTopicOfDeadLetters_areRefused() {
    refused("label INT", "'kafka.topics.frames' = 'dead-letters'")
        .hasMessageContaining("kafka.topics are [dead-letters, dead-letters, control-events];");
  }

  @Test
  void exactlyOnce_withoutCheckpoints_isRefused() {
    refused("label INT", "'kafka.delivery' = 'exactly-once'")
        .hasMessage(
            "The table t: kafka.delivery is exactly-once and execution.checkpointing.interval is"
                + " not set, so that nothing would be committed; set it, or leave kafka.delivery"
                + " at-least-once.");
  }

  @Test
  void column_ofAnotherType_isRefusedWithItsType() {
    refused("cost INT", "'kafka.topics.frames' = 'frames'")
        .hasMessageContaining("The table t declares cost as INT; it is DOUBLE.");
  }

  @Test
  void column_thatIsNone_isRefusedWithThoseThereAre() {
    refused("label_name STRING", "'kafka.topics.frames' = 'frames'")
        .hasMessageContaining("the column label_name is none of a prediction; those are sourceId,");
  }

  @Test
  void rows_thatAreNone_areRefusedWithThoseThereAre() {
    refused("label INT", "'rows' = 'frames'")
        .hasMessage("The table t: rows is 'frames'; give predictions or events.");
  }

  @Test
  void column_thatAnEventHasNot_isRefusedWithThoseThatItHas() {
    refused("label INT", "'rows' = 'events'")
        .hasMessageContaining("the column label is none of an event; those are sourceId, kind,");
  }

  @Test
  void recordOfAnEvent_isRefused() {
    refused("kind STRING, `partition` INT METADATA", "'rows' = 'events'")
        .hasMessageContaining("partition");
  }

  @Test
  void topicOfEvents_besideATableOfThem_isRefused() {
    refused("kind STRING", "'rows' = 'events', 'kafka.topics.events' = 'e'")
        .hasMessageContaining(
            "The table t has the option kafka.topics.events, and its rows are events");
  }

  @Test
  void imagesOfEvents_thatATableOfPredictionsDoesNotMake_areRefused() {
    refused("label INT", "'events.imageBytes' = '5000'")
        .hasMessageContaining(
            "The table t: events.imageBytes is 5000 and kafka.topics.events is not set");
  }

  @Test
  void imagesOfEvents_travelOnlyWhereAQueryAsksForThem() {
    TableOptions options =
        TableOptions.of(
            "t",
            Map.of(
                "bundle", "b",
                "kafka.bootstrapServers", "localhost:1",
                "rows", "events",
                "events.imageBytes", "5000"));
    List<EventColumn> columns = List.of(EventColumn.KIND, EventColumn.IMAGE);
    FrameTableSource table =
        new FrameTableSource("t", options, Map.of(), false, columns, DataTypes.ROW());

    assertThat(table.config().events().imageBytes()).isEqualTo(5000);
    table.applyProjection(new int[][] {{0}}, DataTypes.ROW());
    assertThat(table.config().events().imageBytes()).isZero();
  }

  @Test
  void batchMode_isRefused() {
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    env.executeSql(
        "CREATE TABLE t (label INT) WITH ('connector' = 'boostnet', 'kafka.stop' = 'latest', 'bundle' = '%s', %s)"
            .formatted(TestBundle.DIRECTORY.toAbsolutePath(), NOBODY));

    assertThatThrownBy(() -> env.explainSql("SELECT * FROM t"))
        .hasStackTraceContaining("The table t cannot be read in batch mode");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
      String columns, String option) {
    return refusedWith(
        columns,
        "'connector' = 'boostnet', 'bundle' = 'no-such-bundle', " + NOBODY + ", " + option);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refusedWith(
      String columns, String options) {
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    env.executeSql("CREATE TABLE t (%s) WITH (%s)".formatted(columns, options));
    return assertThatThrownBy(() -> env.explainSql("SELECT * FROM t"))
        .extracting(FrameTableTest::ours, org.assertj.core.api.InstanceOfAssertFactories.THROWABLE);
  }

  /** The planner puts its own sentence around that of a factory. */
  private static Throwable ours(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() instanceof ValidationException next) {
      cause = next;
    }
    return cause;
  }
}
