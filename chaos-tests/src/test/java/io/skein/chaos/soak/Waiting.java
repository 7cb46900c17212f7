package io.skein.chaos.soak;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Blocks a virtual thread until something asynchronous is over.
final class Waiting {
  private static final int LIMIT_SECONDS = 30;

  private Waiting() {}

  /// What `future` ends with.
  ///
  /// @throws Exception what it failed with, or [TimeoutException] after half a minute
  static <T> T on(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new TimeoutException("nothing for " + LIMIT_SECONDS + " s");
    }
  }
}
