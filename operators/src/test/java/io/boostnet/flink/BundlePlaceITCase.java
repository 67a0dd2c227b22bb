package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.schema.ImageFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is there where the job is submitted, and not where it runs. */
class BundlePlaceITCase {

  @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

  @Test
  void bundleThatATaskManagerLacks_endsTheJobAtItsFirstStart(@TempDir Path directory)
      throws Exception {
    Path bundle = TestBundles.copyTo(Files.createDirectory(directory.resolve("bundle")));
    Configuration often =
        new Configuration()
            .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 5)
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    var job = StreamExecutionEnvironment.getExecutionEnvironment(often);
    EarlyExitInference.fromBundle(bundle.toString())
        .withBundleInPlace()
        .apply(job.fromData(TestBundles.frames(1), new AvroTypeInfo<>(ImageFrame.class)))
        .predictions()
        .sinkTo(new DiscardingSink<>());
    FileUtils.deleteDirectory(bundle.toFile());

    assertThatThrownBy(job::execute)
        .hasStackTraceContaining("The failure is not recoverable")
        .hasStackTraceContaining("bundle " + bundle + " has no manifest.json");
  }
}
