package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.proxy.entrance.BindFailed;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for listeners to open and to close.
final class Listening {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final Duration BIND_LIMIT = Duration.ofSeconds(10);

  private Listening() {}

  static int bind(Future<Integer> listening, String flag, HostPort address) throws StartFailed {
    try {
      return listening
          .toCompletionStage()
          .toCompletableFuture()
          .get(BIND_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof BindFailed failed ? failed.getCause() : e.getCause();
      throw new StartFailed(
          StartFailed.USAGE,
          flag
              + ": cannot listen at "
              + address
              + ": "
              + (cause instanceof IOException ? cause.getMessage() : String.valueOf(cause))
              + ". Choose another address with "
              + flag
              + ".",
          e);
    } catch (TimeoutException e) {
      throw new StartFailed(
          StartFailed.USAGE, flag + ": " + address + " could not be opened in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed(StartFailed.USAGE, "interrupted", e);
    }
  }

  static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("while closing: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
