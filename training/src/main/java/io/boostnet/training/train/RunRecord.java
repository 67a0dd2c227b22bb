package io.boostnet.training.train;

import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.DataSets.Layout;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.SplitPlan;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training run is: all that is needed to take it up, repeat it, or export its network.
 * {@code run.json} of a run folder.
 *
 * @param dataSet name of the data set
 * @param dataSha256 SHA-256 of its files
 * @param labels names of the classes
 * @param input from an image to the input tensor
 * @param architecture the network
 * @param ensemble weights of the ensemble; all 0 for joint training
 * @param seed seed of weights, order and augmentation
 * @param epochs epochs to train
 * @param options every option that changes the result, as text; not threads and device, which
 *     change the rounding alone
 * @param libraries versions of the libraries that trained
 */
public record RunRecord(
    String dataSet,
    String dataSha256,
    List<String> labels,
    InputFormat input,
    Architecture architecture,
    EnsembleWeights ensemble,
    long seed,
    int epochs,
    Map<String, String> options,
    Map<String, String> libraries) {

  public RunRecord {
    labels = List.copyOf(labels);
    options = new TreeMap<>(options);
    libraries = new TreeMap<>(libraries);
  }

  /**
   * Names one thing, with its value here, in which another record is a different run; null if it is
   * the same.
   */
  String differenceTo(RunRecord other) {
    if (!dataSha256.equals(other.dataSha256)) {
      return "other data, " + dataSet;
    }
    if (!architecture.equals(other.architecture)) {
      return "the architecture " + architecture.family() + " " + architecture.arguments();
    }
    if (!input.equals(other.input)) {
      return "the input " + input;
    }
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (!option.getValue().equals(other.options.get(option.getKey()))) {
        return "the option " + option.getKey() + " " + option.getValue();
      }
    }
    return options.equals(other.options) ? null : "the options " + options;
  }

  /**
   * Opens the data set of this run and cuts it as it was cut for the training.
   *
   * @throws BadInputException if it is another data set: its split could hold images that were
   *     trained on
   */
  public DataSplits open(Path data) {
    SplitPlan plan =
        new SplitPlan(
            Long.parseLong(options.get("split-seed")),
            Double.parseDouble(options.get("validation-share")),
            Double.parseDouble(options.get("test-share")));
    Layout layout = Layout.valueOf(options.getOrDefault("layout", Layout.AUTO.name()));
    DataSplits splits = DataSets.open(data, layout, plan);
    if (!splits.sha256().equals(dataSha256)) {
      throw BadInputException.of(
          "%s is not the data set that was trained on, %s of another checksum: its validation and test images may have been trained"
              + " on.",
          data, dataSet);
    }
    return splits;
  }

  /** The network that is trained. */
  public Network network() {
    return architecture.network(input.resize().height(), input.resize().width(), labels.size());
  }
}
