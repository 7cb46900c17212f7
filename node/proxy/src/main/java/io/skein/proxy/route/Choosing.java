package io.skein.proxy.route;

import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses among a service's candidates, as its policy says and their breakers let. Reused from
/// choice to choice; event loop only.
///
/// A policy knows of one candidate that was tried, the latest. One that names an earlier one, or
/// one whose breaker refuses, is not asked again: its next answer might be the same. By weight and
/// chance others are looked at then, none of them twice, [#MOST_LOOKS] at most. So a request never
/// returns to where it failed while somebody else may be used. If only open breakers refused and
/// more than half are open, the last one looked at is tried nevertheless.
public final class Choosing {
  private static final int MOST_LOOKS = 8;

  private final RandomGenerator random;
  private final Tried lookedAt = new Tried();
  private @Nullable Breaker breaker;
  private Breaker.Leave leave = Breaker.Leave.GRANTED;

  /// @param random of the event loop
  public Choosing(RandomGenerator random) {
    this.random = random;
  }

  /// Chooses a candidate that was not tried or, where all were, another one than the latest. Its
  /// breaker's leave, if it has one, is for [#takeBreaker] and [#leave].
  ///
  /// @param key see [Selector]
  public Decision choose(
      ServiceRoute service,
      RequestClass request,
      long key,
      Tried tried,
      boolean mayForward,
      long nowNanos) {
    Decision decision =
        service.selector().choose(request, key, tried.latest(), mayForward, nowNanos, random);
    if (!(decision instanceof Decision.Chosen chosen)) {
      return decision;
    }
    if (tried.has(chosen.candidate())
        && service.selector().elsewhere(each -> !tried.has(each), mayForward, random)
            instanceof Decision.Chosen other) {
      chosen = other;
    }
    return service.resilience().breakers().isEmpty()
        ? chosen
        : granted(service, chosen, tried, mayForward, nowNanos);
  }

  private Decision granted(
      ServiceRoute service, Decision.Chosen first, Tried tried, boolean mayForward, long nowNanos) {
    Decision.Chosen chosen = first;
    boolean allOpen = true;
    for (int look = 1; ; look++) {
      Breaker its = service.resilience().breakers().get(chosen.candidate().id());
      if (its == null) {
        return chosen;
      }
      Breaker.Leave answered = its.tryRequest(nowNanos);
      allOpen &= answered == Breaker.Leave.OPEN;
      Decision next = answered.granted() ? chosen : other(service, chosen, tried, mayForward, look);
      if (!answered.granted() && next instanceof Decision.Chosen other) {
        chosen = other;
        continue;
      }
      if (!answered.granted() && allOpen && service.resilience().panicking()) {
        its.force();
        answered = Breaker.Leave.GRANTED;
      }
      lookedAt.clear();
      if (answered.granted()) {
        breaker = its;
        leave = answered;
        return chosen;
      }
      return allOpen ? Decision.NoneAvailable.BREAKER_OPEN : Decision.NoneAvailable.FULL;
    }
  }

  private Decision other(
      ServiceRoute service, Decision.Chosen refused, Tried tried, boolean mayForward, int look) {
    lookedAt.add(refused.candidate());
    return look == MOST_LOOKS
        ? Decision.NoneAvailable.ALL_TRIED
        : service
            .selector()
            .elsewhere(each -> !tried.has(each) && !lookedAt.has(each), mayForward, random);
  }

  /// The breaker of the candidate chosen last, for the try that begins now.
  public @Nullable Breaker takeBreaker() {
    Breaker its = breaker;
    breaker = null;
    return its;
  }

  /// What that breaker answered.
  public Breaker.Leave leave() {
    return leave;
  }

  /// The candidate chosen last is not tried.
  public void giveUp() {
    Breaker its = takeBreaker();
    if (its != null) {
      its.ended(leave, Breaker.End.UNKNOWN, System.nanoTime());
    }
  }
}
