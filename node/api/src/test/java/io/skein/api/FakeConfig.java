package io.skein.api;

import io.skein.api.view.ConfigView;
import io.skein.api.view.ReloadView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A configuration whose reloads end as a test wants.
final class FakeConfig implements RunningConfig {
  volatile long generation = 1;
  volatile Optional<Reload.Refused> refusal = Optional.empty();

  @Override
  public ConfigView view() {
    return new ConfigView(
        generation,
        Instant.EPOCH,
        "skein.yaml",
        Map.of("web", "http://127.0.0.1:8080"),
        List.of(new ConfigView.Value("log.level", "info", "default")),
        Optional.empty());
  }

  @Override
  public CompletionStage<Reload> reload(boolean dryRun) {
    Optional<Reload.Refused> now = refusal;
    if (now.isPresent()) {
      return CompletableFuture.completedFuture(now.get());
    }
    generation += dryRun ? 0 : 1;
    return CompletableFuture.completedFuture(
        new Reload.Done(
            new ReloadView(
                dryRun ? "would-apply" : "applied",
                generation,
                "skein.yaml",
                List.of(
                    new ReloadView.Change(
                        "log.level",
                        "changed",
                        "info",
                        "debug",
                        "now",
                        "log.level: info -> debug")),
                List.of(),
                Map.of(),
                Map.of())));
  }
}
