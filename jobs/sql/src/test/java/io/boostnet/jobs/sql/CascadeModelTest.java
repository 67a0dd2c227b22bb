package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.TestBundle;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;

/** Models that cannot be: one sentence, before anything runs. */
class CascadeModelTest {

  private static final String OUTPUT = "m_label INT, m_error STRING";

  @Test
  void model_asItShouldBe_isPlanned() {
    assertThat(plan("image BYTES", OUTPUT, "'inference.lingerMs' = '2'", "'timeout', '60s'"))
        .contains("m_label=[$2], m_error=[$3]");
  }

  @Test
  void output_withoutTheModelsName_isRefused() {
    refused("image BYTES", "label INT, m_error STRING", "", "")
        .hasStackTraceContaining("The model m has an output label; call it m_label: ");
  }

  @Test
  void output_thatIsNone_isRefused() {
    refused("image BYTES", "m_class INT, m_error STRING", "", "")
        .hasStackTraceContaining(
            "The model m has an output m_class, which is none; behind m_ may stand label,");
  }

  @Test
  void output_notNull_isRefused() {
    refused("image BYTES", "m_label INT NOT NULL, m_error STRING", "", "")
        .hasStackTraceContaining("The model m declares its output m_label NOT NULL");
  }

  @Test
  void output_ofAnotherType_isRefused() {
    refused("image BYTES", "m_label STRING, m_error STRING", "", "")
        .hasStackTraceContaining("declares its output m_label as STRING; it is INT.");
  }

  @Test
  void outputs_withoutAnError_areRefused() {
    refused("image BYTES", "m_label INT", "", "")
        .hasStackTraceContaining("The model m has no output m_error STRING");
  }

  @Test
  void input_thatIsNoImage_isRefused() {
    refused("id INT", OUTPUT, "", "")
        .hasStackTraceContaining("it takes one, an encoded image as BYTES.");
  }

  @Test
  void option_ofATable_isRefused() {
    refused("image BYTES", OUTPUT, "'kafka.topics.frames' = 'frames'", "")
        .hasStackTraceContaining("The model m has the unknown option kafka.topics.frames;");
  }

  @Test
  void budget_thatFollowsTheLoad_isRefused() {
    refused("image BYTES", OUTPUT, "'inference.budget' = 'keep-up:0.25-0.8'", "")
        .hasStackTraceContaining("inference.budget of a model is fixed:<share>");
  }

  @Test
  void budget_belowTheFirstExit_isRefused_asInTheJob() {
    refused("image BYTES", OUTPUT, "'inference.budget' = 'fixed:0.01'", "")
        .hasStackTraceContaining("the first exit of random alone costs");
  }

  @Test
  void value_thatIsNone_isToldOnce() {
    refused("image BYTES", OUTPUT, "'inference.budget' = 'some'", "")
        .hasStackTraceContaining(
            "ValidationException: In the options of the model m, inference.budget is \"some\"");
  }

  @Test
  void key_ofTheConfigThatIsNone_isRefused() {
    refused("image BYTES", OUTPUT, "", "'max-concurrent-operation', '128'")
        .hasStackTraceContaining(
            "The CONFIG of ML_PREDICT on m has the unknown key max-concurrent-operation; known are [async, max-concurrent-operations, output-mode, timeout].");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
      String input, String output, String option, String config) {
    return assertThatThrownBy(() -> plan(input, output, option, config));
  }

  private static String plan(String input, String output, String option, String config) {
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    env.executeSql(
        "CREATE MODEL m INPUT (%s) OUTPUT (%s) WITH ('provider' = 'boostnet', 'bundle' = '%s'%s)"
            .formatted(
                input,
                output,
                TestBundle.DIRECTORY.toAbsolutePath(),
                option.isEmpty() ? "" : ", " + option));
    env.executeSql(
        "CREATE TEMPORARY VIEW frames AS SELECT * FROM (VALUES (1, x'00')) AS t(id, image)");
    return env.explainSql(
        "SELECT * FROM TABLE(ML_PREDICT(TABLE frames, MODEL m, DESCRIPTOR(%s)%s))"
            .formatted(
                input.startsWith("id") ? "id" : "image",
                config.isEmpty() ? "" : ", MAP[" + config + "]"));
  }
}
