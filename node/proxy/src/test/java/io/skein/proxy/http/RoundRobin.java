package io.skein.proxy.http;

import io.skein.proxy.route.Selector;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// One after the other.
final class RoundRobin implements Selector {
  private final List<Candidate> candidates;
  private final AtomicInteger next = new AtomicInteger();

  RoundRobin(List<Candidate> candidates) {
    this.candidates = List.copyOf(candidates);
  }

  @Override
  public Decision choose(
      RequestClass request,
      Candidate tried,
      boolean mayForward,
      long nowNanos,
      RandomGenerator random) {
    if (candidates.isEmpty()) {
      return Decision.NoneAvailable.NO_ENDPOINT;
    }
    boolean usable = false;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate =
          candidates.get(Math.floorMod(next.getAndIncrement(), candidates.size()));
      if (!candidate.usable() || (candidate.kind() == Candidate.Kind.PEER && !mayForward)) {
        continue;
      }
      usable = true;
      if (!candidate.id().equals(tried.id())) {
        return candidate.chosen();
      }
    }
    return none(usable);
  }

  @Override
  public Decision elsewhere(
      Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
    return candidates.stream()
        .filter(each -> each.usable() && (mayForward || each.kind() != Candidate.Kind.PEER))
        .filter(wanted)
        .findFirst()
        .<Decision>map(Candidate::chosen)
        .orElse(Decision.NoneAvailable.ALL_TRIED);
  }

  private static Decision none(boolean usable) {
    return usable ? Decision.NoneAvailable.ALL_TRIED : Decision.NoneAvailable.ALL_SET_ASIDE;
  }
}
