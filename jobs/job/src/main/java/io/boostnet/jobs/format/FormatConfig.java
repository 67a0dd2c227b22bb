package io.boostnet.jobs.format;

import java.io.Serializable;

/**
 * What the records of the topics are: the keys under {@code kafka.format}. Immutable.
 *
 * @param frames default avro
 * @param outcomes default avro
 * @param headers names of the headers that the format image reads
 * @param fields where the formats json and registry find the parts of a frame
 * @param registry the schema registry; needed by the format registry, null for none
 */
public record FormatConfig(
    FrameFormat frames,
    OutcomeFormat outcomes,
    HeaderNames headers,
    FieldPointers fields,
    RegistryAccess registry)
    implements Serializable {

  /** Avro single-object encoding in and out. */
  public static final FormatConfig DEFAULT = new FormatConfig(null, null, null, null, null);

  private static final long serialVersionUID = 1;

  public FormatConfig {
    frames = frames == null ? FrameFormat.AVRO : frames;
    outcomes = outcomes == null ? OutcomeFormat.AVRO : outcomes;
    headers = headers == null ? HeaderNames.DEFAULT : headers;
    fields = fields == null ? FieldPointers.DEFAULT : fields;
    if (registry == null
        && (frames == FrameFormat.REGISTRY || outcomes == OutcomeFormat.REGISTRY)) {
      throw new IllegalArgumentException(
          "kafka.format.registry.url is not set; the format registry needs the address of a schema registry");
    }
  }

  /** These formats without anything that the formats are told. */
  public static FormatConfig of(FrameFormat frames, OutcomeFormat outcomes) {
    return new FormatConfig(frames, outcomes, null, null, null);
  }
}
