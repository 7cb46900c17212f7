package io.skein.proxy.route;

import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses among a service's candidates, as its policy says and their breakers let. Reused from
/// choice to choice; event loop only.
///
/// A candidate whose breaker refuses is passed over, [#MOST_LOOKS] times. If only open breakers
/// refused and more than half are open, the last one looked at is tried nevertheless.
public final class Choosing {
  private static final int MOST_LOOKS = 3;

  private final RandomGenerator random;
  private @Nullable Breaker breaker;
  private Breaker.Leave leave = Breaker.Leave.GRANTED;

  /// @param random of the event loop
  public Choosing(RandomGenerator random) {
    this.random = random;
  }

  /// Chooses a candidate other than `tried`. Its breaker's leave, if it has one, is for
  /// [#takeBreaker] and [#leave].
  ///
  /// @param key see [Selector]
  public Decision choose(
      ServiceRoute service,
      RequestClass request,
      long key,
      Candidate tried,
      boolean mayForward,
      long nowNanos) {
    Decision decision =
        service.selector().choose(request, key, tried, mayForward, nowNanos, random);
    if (service.resilience().breakers().isEmpty()) {
      return decision;
    }
    boolean allOpen = true;
    Decision.NoneAvailable why = Decision.NoneAvailable.BREAKER_OPEN;
    for (int look = 1; decision instanceof Decision.Chosen chosen; look++) {
      Breaker its = service.resilience().breakers().get(chosen.candidate().id());
      if (its == null) {
        return decision;
      }
      Breaker.Leave answered = its.tryRequest(nowNanos);
      boolean last = look == MOST_LOOKS;
      allOpen &= answered == Breaker.Leave.OPEN;
      if (!answered.granted() && last && allOpen && service.resilience().panicking()) {
        its.force();
        answered = Breaker.Leave.GRANTED;
      }
      if (answered.granted()) {
        breaker = its;
        leave = answered;
        return decision;
      }
      why = allOpen ? Decision.NoneAvailable.BREAKER_OPEN : Decision.NoneAvailable.FULL;
      if (last) {
        return why;
      }
      Decision next =
          service.selector().choose(request, key, chosen.candidate(), mayForward, nowNanos, random);
      // A service's only endpoint is looked at again: that is the panic rule's case.
      decision = next instanceof Decision.Chosen ? next : decision;
    }
    return decision;
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
