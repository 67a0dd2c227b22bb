package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

/** Two models over one table, in one query. */
class CascadeModelITCase {

  private static final int FRAMES = 40;
  private static final int NULL = 7;
  private static final int NO_IMAGE = 11;

  private final TableEnvironment env =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  @Test
  void rows_ofTwoModels_haveWhatEachSaysOrWhyItSaysNothing() throws Exception {
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("restart-strategy.type", "disable");
    List<Row> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      byte[] image = Frames.noise("a", i).getImage().array();
      byte[] bad = i == NO_IMAGE ? "no image".getBytes(StandardCharsets.UTF_8) : null;
      frames.add(Row.of(i, "the truth", i == NULL || i == NO_IMAGE ? bad : image));
    }
    env.createTemporaryView(
        "frames",
        env.fromValues(
            DataTypes.ROW(
                DataTypes.FIELD("id", DataTypes.INT()),
                DataTypes.FIELD("labelName", DataTypes.STRING()),
                DataTypes.FIELD("image", DataTypes.BYTES())),
            frames));
    createModel("first", "'inference.thresholds' = '0,0,0'");
    createModel("last", "'inference.topK' = '3'");

    env.executeSql(
        "CREATE VIEW judged AS"
            + " SELECT * FROM TABLE(ML_PREDICT(TABLE frames, MODEL `first`, DESCRIPTOR(image)))");
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> all =
        env.executeSql(
                """
                SELECT id, labelName, first_label, first_labelName, first_exit, first_cost, first_error,
                  last_label, last_exit, last_cost, last_error, last_topK
                FROM TABLE(ML_PREDICT(TABLE judged, MODEL `last`, DESCRIPTOR(image),
                  MAP['max-concurrent-operations', '16']))
                """)
            .collect()) {
      all.forEachRemaining(rows::add);
    }
    rows.sort(Comparator.comparing(row -> (int) row.getField("id")));

    assertThat(rows).hasSize(FRAMES);
    for (Row row : rows) {
      assertThat(row.getField("labelName")).isEqualTo("the truth");
      int id = (int) row.getField("id");
      if (id == NULL) {
        assertThat(row.getField("first_error")).isEqualTo("UNREADABLE_RECORD: the image is NULL");
        assertThat(row.getField("first_exit")).isNull();
      } else if (id == NO_IMAGE) {
        assertThat((String) row.getField("last_error")).startsWith("UNSUPPORTED_CONTENT: ");
        assertThat(row.getField("last_label")).isNull();
      } else {
        assertThat(row.getField("first_error")).isNull();
        assertThat(row.getField("last_error")).isNull();
        assertThat(row.getField("first_exit")).isEqualTo(1);
        assertThat((double) row.getField("first_cost")).isLessThan(1);
        assertThat(row.getField("last_exit")).isEqualTo(3);
        assertThat(row.getField("last_cost")).isEqualTo(1.0);
        Row[] probable = (Row[]) row.getField("last_topK");
        assertThat(probable).hasSize(3);
        assertThat(probable[0].getField("label")).isEqualTo(row.getField("last_label"));
      }
    }
  }

  private void createModel(String name, String option) {
    env.executeSql(
        """
        CREATE MODEL `%1$s` INPUT (image BYTES)
        OUTPUT (%1$s_label INT, %1$s_labelName STRING, %1$s_exit INT, %1$s_cost DOUBLE, %1$s_error STRING,
          %1$s_topK ARRAY<ROW<label INT, labelName STRING, probability FLOAT>>)
        WITH ('provider' = 'boostnet', 'bundle' = '%2$s', %3$s)
        """
            .formatted(name, TestBundle.DIRECTORY.toAbsolutePath(), option));
  }
}
