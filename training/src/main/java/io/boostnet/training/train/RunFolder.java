package io.boostnet.training.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Parameter;
import io.boostnet.training.torch.Learner;
import io.boostnet.training.torch.Sgd;
import io.boostnet.training.torch.TorchNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder that a training run leaves behind:
 *
 * <ul>
 *   <li>{@code run.json}: the {@link RunRecord}
 *   <li>{@code checkpoint.safetensors}: weights, momentum and position; replaced whole, so a run
 *       can be killed at any moment
 *   <li>{@code metrics.jsonl}: a line per epoch, see {@link EpochMetrics}
 *   <li>{@code curves.png}: the metrics drawn
 *   <li>{@code weights.safetensors}: the trained weights, once the run is done
 *   <li>{@code lock}: held by the process that trains
 * </ul>
 */
public final class RunFolder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MOMENTUM = "momentum/";
  private static final String POSITION = "run/position";
  private static final String LOSSES = "run/loss_sums";
  private static final String CORRECT = "run/correct";

  private final Path folder;

  public RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Whether a run has begun here. */
  public boolean holdsRun() {
    return Files.exists(recordFile());
  }

  /** What the run is. */
  public RunRecord record() {
    if (!holdsRun()) {
      throw BadInputException.of("%s holds no training run: there is no run.json in it.", folder);
    }
    try {
      return JSON.readValue(recordFile().toFile(), RunRecord.class);
    } catch (JsonProcessingException e) {
      throw new BadInputException(recordFile() + " is damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + recordFile(), e);
    }
  }

  /**
   * Makes the folder the caller's alone until the channel is closed, or the process ends.
   *
   * @throws BadInputException if another process trains in it
   */
  FileChannel lock() {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw BadInputException.of("Another process trains in %s: wait for it, or end it.", folder);
      }
      return channel;
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  /** Begins a run. */
  void write(RunRecord record) {
    try {
      replace(
          recordFile(), JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(record));
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  /**
   * Takes away a run that has no checkpoint yet, and the folder with it if nothing else is in it.
   *
   * @return whether it had none
   */
  boolean discardWithoutCheckpoint() {
    if (Files.exists(checkpointFile())) {
      return false;
    }
    try {
      Files.deleteIfExists(recordFile());
      Files.deleteIfExists(lockFile());
      if (folder.toFile().list().length == 0) {
        Files.delete(folder);
      }
      return true;
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  private BadInputException notWritable(IOException cause) {
    return new BadInputException(
        "The run folder " + folder + " cannot be written: " + cause.getMessage(), cause);
  }

  /** Whole or not at all, also where the machine stops. */
  private static void replace(Path file, byte[] content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    Files.write(
        unfinished,
        content,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The trained weights of a run that is done. */
  public NamedTensors weights() {
    if (!Files.exists(weightsFile())) {
      throw BadInputException.of(
          "The run in %s is not done: take it up with train --resume, or export its last checkpoint with --unfinished.",
          folder);
    }
    return NamedTensors.read(weightsFile());
  }

  /** The weights at the last checkpoint, of a run that may still be going on. */
  public NamedTensors lastWeights() {
    if (!Files.exists(checkpointFile())) {
      throw BadInputException.of("The run in %s has no checkpoint yet.", folder);
    }
    NamedTensors state = NamedTensors.read(checkpointFile());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    record()
        .network()
        .parameters()
        .forEach(parameter -> weights.put(parameter.name(), state.get(parameter.name())));
    return new NamedTensors(weights);
  }

  void writeWeights(NamedTensors weights) {
    write(weights, weightsFile());
  }

  /** Saves everything that the next step depends on. */
  void save(Learner learner, Progress progress) {
    Sgd optimiser = learner.optimiser();
    Map<String, Tensor> state = new LinkedHashMap<>(learner.network().weights().tensors());
    for (Parameter parameter : optimiser.parameters()) {
      state.put(
          MOMENTUM + parameter.name(),
          new Tensor(parameter.shape(), optimiser.velocity(parameter)));
    }
    state.put(POSITION, vector(progress.epoch(), progress.step()));
    state.put(LOSSES, vector(progress.lossSums()));
    double[] correct = new double[progress.correct().length];
    for (int k = 0; k < correct.length; k++) {
      correct[k] = progress.correct()[k];
    }
    state.put(CORRECT, vector(correct));
    write(new NamedTensors(state), checkpointFile());
  }

  /**
   * Restores what {@link #save} saved and returns the position; the start of the run if nothing was
   * saved yet.
   */
  Progress restore(Learner learner) {
    TorchNetwork network = learner.network();
    Sgd optimiser = learner.optimiser();
    if (!Files.exists(checkpointFile())) {
      return Progress.start(network.network().exits().size());
    }
    NamedTensors state = NamedTensors.read(checkpointFile());
    Map<String, Tensor> weights = new LinkedHashMap<>();
    network.network().parameters().forEach(p -> weights.put(p.name(), state.get(p.name())));
    network.load(new NamedTensors(weights));
    optimiser
        .parameters()
        .forEach(p -> optimiser.setVelocity(p, state.values(MOMENTUM + p.name())));
    float[] position = state.values(POSITION);
    float[] losses = state.values(LOSSES);
    float[] correct = state.values(CORRECT);
    double[] lossSums = new double[losses.length];
    long[] right = new long[correct.length];
    for (int k = 0; k < losses.length; k++) {
      lossSums[k] = losses[k];
      right[k] = (long) correct[k];
    }
    return new Progress((int) position[0], (int) position[1], lossSums, right);
  }

  /** Metrics of the epochs done. */
  public List<EpochMetrics> metrics() {
    try {
      List<EpochMetrics> metrics = new ArrayList<>();
      if (Files.exists(metricsFile())) {
        for (String line : Files.readAllLines(metricsFile())) {
          metrics.add(JSON.readValue(line, EpochMetrics.class));
        }
      }
      return metrics;
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + metricsFile(), e);
    }
  }

  /**
   * Keeps the lines of the first epochs only: a kill may have come between the line of an epoch and
   * its checkpoint.
   */
  void keepMetrics(int epochs) {
    try {
      if (Files.exists(metricsFile())) {
        List<String> lines = Files.readAllLines(metricsFile());
        if (lines.size() > epochs) {
          String kept = String.join("\n", lines.subList(0, epochs)) + (epochs > 0 ? "\n" : "");
          replace(metricsFile(), kept.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cutting " + metricsFile(), e);
    }
  }

  void append(EpochMetrics metrics) {
    try {
      String line = JSON.writeValueAsString(JSON.<JsonNode>valueToTree(metrics)) + "\n";
      Files.write(
          metricsFile(),
          line.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.DSYNC);
    } catch (IOException e) {
      throw new UncheckedIOException("adding to " + metricsFile(), e);
    }
  }

  /** Where the curves are drawn. */
  Path curvesFile() {
    return folder.resolve("curves.png");
  }

  private Path recordFile() {
    return folder.resolve("run.json");
  }

  private Path lockFile() {
    return folder.resolve("lock");
  }

  private Path checkpointFile() {
    return folder.resolve("checkpoint.safetensors");
  }

  private Path metricsFile() {
    return folder.resolve("metrics.jsonl");
  }

  private Path weightsFile() {
    return folder.resolve("weights.safetensors");
  }

  private static Tensor vector(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Tensor(List.of((long) floats.length), floats);
  }

  private static void write(NamedTensors tensors, Path file) {
    try {
      tensors.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }
}
