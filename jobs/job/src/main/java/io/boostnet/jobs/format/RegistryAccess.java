package io.boostnet.jobs.format;

import java.io.Serializable;
import java.net.URI;

/**
 * The schema registry of the format {@code registry}: anything that answers as Confluent's does.
 *
 * @param url where its REST interface begins, such as http://registry:8081 or, of Apicurio,
 *     http://registry:8080/apis/ccompat/v7; user and password may stand in it as user:password@
 * @param register whether schemas of outcomes may be registered; where not, they must be there;
 *     default true
 */
public record RegistryAccess(URI url, Boolean register) implements Serializable {

  private static final long serialVersionUID = 1;

  public RegistryAccess {
    if (url == null
        || url.getHost() == null
        || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(
          "kafka.format.registry.url is '"
              + url
              + "'; give the address of a schema registry, such as http://registry:8081");
    }
    register = register == null || register;
  }
}
