package io.boostnet.jobs.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * A client of the three requests that are needed of a schema registry that answers as Confluent's
 * does. Thread-safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">The
 *     REST interface</a>
 */
public final class SchemaRegistry {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String JSON = "application/vnd.schemaregistry.v1+json";
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String base;
  private final String authorization;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** The registry answered that the request is wrong, and will again. */
  public static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /** A client of this registry; nothing is sent yet. */
  public SchemaRegistry(RegistryAccess access) {
    URI url = access.url();
    String user = url.getUserInfo();
    this.base = url.toString().replaceFirst("//[^/@]*@", "//").replaceFirst("/+$", "");
    this.authorization =
        user == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The schema of an id.
   *
   * @return empty where the registry says that there is none
   * @throws IOException where it does not answer, or not sensibly: worth another try
   */
  public Optional<Schema> schema(int id) throws IOException {
    HttpResponse<String> response = send(request("/schemas/ids/" + Integer.toUnsignedString(id)));
    if (response.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    JsonNode schema = body(response).path("schema");
    try {
      return Optional.of(new Schema.Parser().parse(schema.asText()));
    } catch (SchemaParseException e) {
      return Optional.empty(); // another type of schema, such as JSON Schema
    }
  }

  /**
   * The id of a schema that is there, or is registered now.
   *
   * @param subject the subject; of a topic's values by convention the topic and {@code -value}
   * @param register whether it may be registered
   * @throws RefusedException where it is not there and may not be registered, or is incompatible
   * @throws IOException where the registry does not answer, or not sensibly
   */
  public int id(String subject, Schema schema, boolean register)
      throws IOException, RefusedException {
    String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    String body = MAPPER.writeValueAsString(Map.of("schema", schema.toString()));
    HttpResponse<String> response =
        send(
            request(path + (register ? "/versions" : ""))
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    int status = response.statusCode();
    if (status >= 400 && status < 500) {
      throw new RefusedException("status %d: %s".formatted(status, message(response.body())));
    }
    JsonNode id = body(response).path("id");
    if (!id.canConvertToInt()) {
      throw new IOException("the registry at " + base + " gave no id for " + subject);
    }
    return id.asInt();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).header("Accept", JSON);
    return authorization == null ? request : request.header("Authorization", authorization);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the schema registry", e);
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException("the registry at " + base + " does not answer: " + reason, e);
    }
  }

  private JsonNode body(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException(
          "the registry at %s answered with status %d".formatted(base, response.statusCode()));
    }
    return MAPPER.readTree(response.body());
  }

  private static String message(String body) {
    try {
      return MAPPER.readTree(body).path("message").asText("no message");
    } catch (IOException e) {
      return "no message";
    }
  }

  @Override
  public String toString() {
    return base;
  }
}
