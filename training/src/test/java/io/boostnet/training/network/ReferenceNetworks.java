package io.boostnet.training.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The networks whose figures were taken from the official implementation; see the folders under
 * {@code reference}.
 */
public record ReferenceNetworks(
    String name,
    Architecture architecture,
    Network network,
    EnsembleWeights weights,
    List<Long> macs,
    List<Long> parameters) {

  public static final List<String> NAMES =
      List.of(
          "msdnet-cifar100-n4-c8-g4",
          "msdnet-cifar100-n6",
          "msdnet-cifar100-n10",
          "msdnet-imagenet-step5",
          "msdnet-imagenet-step7",
          "ranet-cifar100-model1",
          "ranet-cifar100-model3");

  private static final Set<String> NOT_OF_THE_NETWORK =
      Set.of("arch", "dataset", "ensemble_reweight");

  /**
   * Reads {@code reference/<name>/meta.json} and builds the network from the official arguments in
   * it.
   */
  public static ReferenceNetworks load(String name) {
    JsonNode meta;
    try (InputStream in =
        ReferenceNetworks.class.getResourceAsStream("/reference/" + name + "/meta.json")) {
      meta = new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> official = new TreeMap<>();
    JsonNode arguments = meta.get("arguments");
    for (int i = 0; i < arguments.size(); i += 2) {
      official.put(arguments.get(i).asText().substring(2), arguments.get(i + 1).asText());
    }
    boolean imagenet = official.get("dataset").equals("imagenet");
    Map<String, String> own = new TreeMap<>(official);
    own.keySet().removeAll(NOT_OF_THE_NETWORK);
    own.put("form", imagenet ? "imagenet" : "cifar");
    Architecture architecture = new Architecture(official.get("arch"), own);
    int size = imagenet ? 224 : 32;
    Network network = architecture.network(size, size, imagenet ? 1000 : 100);
    return new ReferenceNetworks(
        name,
        architecture,
        network,
        EnsembleWeights.parse(official.get("ensemble_reweight"), network.exits().size()),
        longs(meta.get("macsPerExit")),
        longs(meta.get("paramsPerExit")));
  }

  private static List<Long> longs(JsonNode array) {
    List<Long> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asLong()));
    return values;
  }
}
