package io.skein.app;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does to stop, in this order. A step that fails is logged, and the others follow.
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final List<Runnable> steps = new ArrayList<>();

  Shutdown then(Runnable step) {
    steps.add(step);
    return this;
  }

  void run() {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.warn("while stopping: {}", e.toString());
      }
    }
  }
}
