package io.boostnet.flink.codec;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/** Port: the files of a model bundle, wherever it is stored. */
@Internal
public interface BundleSource extends Serializable {

  /** Where the bundle is, for messages. */
  String location();

  /**
   * Reads a file of the bundle whole.
   *
   * @param file file name within the bundle
   * @throws java.io.FileNotFoundException where there is none of that name
   * @throws IOException where it cannot be read
   */
  byte[] read(String file) throws IOException;
}
