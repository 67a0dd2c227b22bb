package io.boostnet.jobs.faults;

import io.boostnet.jobs.cluster.ClusterPlan;
import io.boostnet.jobs.cluster.LocalCluster;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * A cluster for faults: ZooKeeper, a broker, a JobManager that survives, two TaskManagers of one
 * slot, each a process, and a proxy between the job and the broker. What a fault breaks is repaired
 * before the next.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultBed {

  static final FaultRun.Setting TWO_SUBTASKS = new FaultRun.Setting(2, 8);

  private final FaultTable table;
  private final Path directory;
  private TcpProxy proxy;
  private LocalCluster cluster;

  FaultBed(String name) {
    this.table = new FaultTable(name);
    this.directory = Path.of("target", name + "-cluster");
  }

  @BeforeAll
  void start() {
    LocalCluster.in(directory).ifPresent(LocalCluster::delete);
    ClusterPlan plan = ClusterPlan.of(2, 1).withHighAvailability(true);
    proxy = TcpProxy.to(plan.ports().brokerBehindProxy());
    cluster =
        LocalCluster.start(
            directory, plan.behindProxy(proxy.port()), LocalCluster.Lifetime.OF_THIS_JVM);
  }

  @AfterEach
  void repair() {
    proxy.heal();
    cluster.status().stream()
        .filter(server -> !server.runs())
        .forEach(server -> cluster.launch(server.name()));
    cluster.awaitReady();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  LocalCluster cluster() {
    return cluster;
  }

  TcpProxy proxy() {
    return proxy;
  }

  /** The job with orderly traffic, straight at the broker. */
  FaultRun run(String fault) {
    return run(fault, TWO_SUBTASKS, Traffic.Kind.ORDERLY);
  }

  FaultRun run(String fault, FaultRun.Setting setting, Traffic.Kind traffic) {
    return new FaultRun(cluster, fault, cluster.kafka().bootstrapServers(), setting, traffic);
  }

  /** The job with the proxy between it and the broker. */
  FaultRun runBehindProxy(String fault) {
    return new FaultRun(
        cluster, fault, "localhost:" + proxy.port(), TWO_SUBTASKS, Traffic.Kind.ORDERLY);
  }

  void report(FaultRow row) throws Exception {
    table.add(row);
  }

  /** Kills a server, and starts it again. */
  FaultRun kill(String server, FaultRun run) throws Exception {
    return run.healthy().strike(() -> cluster.kill(server), () -> cluster.launch(server));
  }

  /** Stops the job with a savepoint, and starts it from there in another setting. */
  static FaultRun restart(FaultRun.Setting setting, FaultRun run) throws Exception {
    AtomicReference<String> savepoint = new AtomicReference<>();
    return run.healthy()
        .strike(() -> savepoint.set(run.stop()), () -> run.start(setting, savepoint.get()));
  }

  // The faults that are in the default tests as well.

  void taskManagerKilled(String fault, FaultRun.Setting setting) throws Exception {
    try (FaultRun run = run(fault, setting, Traffic.Kind.ORDERLY)) {
      report(kill(LocalCluster.taskManager(1), run).restored().settle());
    }
  }

  void restoredFromSavepoint() throws Exception {
    FaultRun.Setting before = new FaultRun.Setting(1, 1);
    try (FaultRun run =
        run("Restored from a savepoint, 1 to 2 subtasks", before, Traffic.Kind.ORDERLY)) {
      report(restart(TWO_SUBTASKS, run).restored().settle());
    }
  }
}
