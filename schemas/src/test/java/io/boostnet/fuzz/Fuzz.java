package io.boostnet.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * A property that is tried with random inputs for a time instead of a number of times: the seconds
 * in the system property {@code fuzz.seconds}, 1 by default; {@code mvn -Pfuzz} sets more. What
 * fails is shrunk, and shown with its seed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Property(
    tries = Integer.MAX_VALUE,
    generation = GenerationMode.RANDOMIZED,
    edgeCases = EdgeCasesMode.NONE,
    afterFailure = AfterFailureMode.RANDOM_SEED)
@AddLifecycleHook(Fuzz.UntilTimeIsUp.class)
public @interface Fuzz {

  /** Ends a property with its first success after its time. */
  final class UntilTimeIsUp implements AroundTryHook {

    private static final Duration TIME = Duration.ofSeconds(Long.getLong("fuzz.seconds", 1));

    @Override
    public TryExecutionResult aroundTry(
        TryLifecycleContext context, TryExecutor attempt, List<Object> parameters) {
      long start =
          Store.getOrCreate(UntilTimeIsUp.class, Lifespan.PROPERTY, System::nanoTime).get();
      TryExecutionResult result = attempt.execute(parameters);
      boolean timeIsUp = System.nanoTime() - start > TIME.toNanos();
      return result.isSatisfied() && timeIsUp ? TryExecutionResult.satisfied(true) : result;
    }
  }
}
