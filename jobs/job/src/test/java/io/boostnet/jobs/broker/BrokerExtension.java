package io.boostnet.jobs.broker;

import io.boostnet.jobs.kafka.KafkaAccess;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One embedded broker for all tests of the JVM, given to those that ask for a {@link KafkaAccess}.
 */
public final class BrokerExtension implements ParameterResolver {

  private record Running(EmbeddedBroker broker) implements AutoCloseable {
    @Override
    public void close() {
      broker.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == KafkaAccess.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Running running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .getOrComputeIfAbsent(
                Running.class, type -> new Running(EmbeddedBroker.start()), Running.class);
    return KafkaAccess.to(running.broker().bootstrapServers());
  }
}
