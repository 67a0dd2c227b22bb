package io.boostnet.training.bundle;

import io.boostnet.schema.ElementType;
import io.boostnet.schema.Provenance;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything a bundle is made from, but for its evidence.
 *
 * @param name name of the bundle, letters, digits, dots, dashes and underscores
 * @param version version of the bundle
 * @param architecture family and arguments
 * @param network the network of that architecture, or its first exits
 * @param weights the network's tensors; those that it does not name are not used
 * @param ensemble ensemble weights, one per exit
 * @param labels names of the classes
 * @param input from an image to the input tensor
 * @param storage element type of carried feature maps and weights
 * @param provenance where the weights come from
 */
record BundleContent(
    String name,
    String version,
    Architecture architecture,
    Network network,
    NamedTensors weights,
    EnsembleWeights ensemble,
    List<String> labels,
    InputFormat input,
    ElementType storage,
    Provenance provenance) {

  BundleContent {
    labels = List.copyOf(labels);
    if (labels.size() != network.classes()) {
      throw new IllegalArgumentException(
          "there are " + labels.size() + " labels for " + network.classes() + " classes");
    }
  }

  /** The network as stages, with their counts. */
  StagedModel staged() {
    return new StagedModel(
        name,
        version,
        new io.boostnet.schema.Architecture(architecture.family(), architecture.arguments()),
        labels,
        input,
        StageExport.export(network, weights, ensemble, storage),
        network.cumulativeMacs(),
        network.cumulativeParameters(),
        provenance);
  }

  /**
   * The same without the exits after the first ones, and without all that only those compute. The
   * weights of the exits that stay do not change, and so neither do their answers.
   *
   * @param exits number of exits to serve, 1 to the network's; noted in the provenance
   * @throws BadInputException for another number
   */
  BundleContent upTo(int exits) {
    int trained = network.exits().size();
    if (exits < 1 || exits > trained) {
      throw BadInputException.of(
          "--exits is %d; the network has %d exits, give 1 to %d.", exits, trained, trained);
    }
    Map<String, String> configuration = new TreeMap<>(provenance.getConfiguration());
    configuration.put("served-exits", exits + " of " + trained);
    return new BundleContent(
        name,
        version,
        architecture,
        network.upTo(exits),
        weights,
        new EnsembleWeights(ensemble.values().subList(0, exits)),
        labels,
        input,
        storage,
        Provenance.newBuilder(provenance).setConfiguration(configuration).build());
  }
}
