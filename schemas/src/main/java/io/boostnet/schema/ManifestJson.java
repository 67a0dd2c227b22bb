package io.boostnet.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * A bundle's {@code manifest.json}, in Avro's JSON encoding. Bundles of every format so far still
 * read: fields that a format did not have take their defaults.
 */
public final class ManifestJson {

  /** Name of the file within a bundle. */
  public static final String FILE = "manifest.json";

  /** The format that is written; those from 1 on are read. */
  public static final int FORMAT_VERSION = 3;

  private ManifestJson() {}

  /**
   * The format that a manifest says it is of, known or not.
   *
   * @throws IOException where it says none
   */
  public static int formatVersion(byte[] json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean found = parser.currentName().equals("formatVersion");
          JsonToken value = parser.nextToken();
          if (found && value == JsonToken.VALUE_NUMBER_INT) {
            return parser.getIntValue();
          }
          parser.skipChildren();
        }
      }
    }
    throw new IOException("it has no whole number named formatVersion");
  }

  /**
   * Reads a manifest of any known format.
   *
   * @return the manifest, with the format version that it was written with
   * @throws IOException where it is none
   * @throws org.apache.avro.AvroRuntimeException where it is none
   */
  public static ModelManifest read(byte[] json) throws IOException {
    Schema writer = schema(formatVersion(json));
    return new SpecificDatumReader<ModelManifest>(writer, ModelManifest.getClassSchema())
        .read(
            null,
            DecoderFactory.get().jsonDecoder(writer, new String(json, StandardCharsets.UTF_8)));
  }

  /** Writes a manifest of the newest format, indented, with its maps in the order of their keys. */
  public static void write(ModelManifest manifest, OutputStream out) throws IOException {
    Encoder encoder = EncoderFactory.get().jsonEncoder(ModelManifest.getClassSchema(), out, true);
    new SpecificDatumWriter<>(ModelManifest.class).write(sorted(manifest), encoder);
    encoder.flush();
  }

  private static ModelManifest sorted(ModelManifest manifest) {
    ModelManifest copy = ModelManifest.newBuilder(manifest).build();
    Architecture architecture = copy.getArchitecture();
    architecture.setArguments(new TreeMap<>(architecture.getArguments()));
    Provenance provenance = copy.getProvenance();
    provenance.setConfiguration(new TreeMap<>(provenance.getConfiguration()));
    provenance.setLibraries(new TreeMap<>(provenance.getLibraries()));
    return copy;
  }

  private static Schema schema(int formatVersion) throws IOException {
    if (formatVersion == FORMAT_VERSION) {
      return ModelManifest.getClassSchema();
    }
    try (InputStream in =
        ManifestJson.class.getResourceAsStream("bundle/" + formatVersion + "/ModelManifest.avsc")) {
      if (in == null) {
        throw new IOException("format " + formatVersion + " is not known");
      }
      return new Schema.Parser().parse(in);
    }
  }
}
