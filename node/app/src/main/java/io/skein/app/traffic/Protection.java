package io.skein.app.traffic;

import io.skein.proxy.resilience.RateLimit;
import io.skein.routing.candidate.PanicRule;
import io.skein.routing.concurrency.Priority;
import java.time.Duration;
import java.util.List;

/// What keeps a service's endpoints, and those who call it, from harm. Every part has a default
/// that stands in for what nobody said.
///
/// @param hedging a second try beside a slow first one
/// @param breaker what one node may ask of one endpoint
/// @param panic when doubtful endpoints are used too
/// @param slowStart how an endpoint that is new or back warms up
/// @param concurrency a limit of requests in flight that follows latency
/// @param priority whose requests are refused last
/// @param rateLimits limits of requests, at most [#MAX_LIMITS]
/// @param relays what connections that last may do
public record Protection(
    Hedging hedging,
    Breaker breaker,
    PanicRule panic,
    SlowStart slowStart,
    Concurrency concurrency,
    Importance priority,
    List<Limit> rateLimits,
    Lasting relays) {
  /// Most rate limits of one service.
  public static final int MAX_LIMITS = 16;

  /// Hedging, breakers and slow start as they are advised; nothing limited.
  public static final Protection DEFAULT =
      new Protection(
          Hedging.DEFAULT,
          Breaker.DEFAULT,
          PanicRule.DEFAULT,
          SlowStart.DEFAULT,
          Concurrency.DEFAULT,
          Importance.DEFAULT,
          List.of(),
          Lasting.DEFAULT);

  public Protection {
    rateLimits = List.copyOf(rateLimits);
  }

  /// Section `hedging`: see [io.skein.routing.hedge.HedgeConfig].
  ///
  /// @param enabled whether safe requests without a body are hedged
  /// @param quantile of the time to the first byte after which the second try begins
  /// @param budget second tries as a share of requests
  public record Hedging(boolean enabled, double quantile, double budget) {
    /// On; 95th percentile, 2 %.
    public static final Hedging DEFAULT = new Hedging(true, 0.95, 0.02);
  }

  /// Section `breaker`: see [io.skein.routing.breaker.BreakerConfig].
  ///
  /// @param connections open to one endpoint
  /// @param pending requests that wait for a connection to it
  /// @param requests in flight to it
  /// @param failures in a row after which it is left alone; 0: never
  /// @param open how long, the first time
  public record Breaker(int connections, int pending, int requests, int failures, Duration open) {
    /// 4,096, 1,024, 4,096; 10; 1 s.
    public static final Breaker DEFAULT =
        new Breaker(4_096, 1_024, 4_096, 10, Duration.ofSeconds(1));
  }

  /// Section `slow-start`: see [io.skein.routing.slowstart.SlowStart].
  ///
  /// @param window how long the ramp takes; 0: no ramp
  /// @param least share from the start
  public record SlowStart(Duration window, double least) {
    /// 10 s from six tenths.
    public static final SlowStart DEFAULT = new SlowStart(Duration.ofSeconds(10), 0.6);
  }

  /// Section `concurrency`: see [io.skein.routing.concurrency.AdaptiveLimitConfig].
  ///
  /// @param enabled whether requests in flight are limited
  /// @param least limit at least
  /// @param most limit at most
  /// @param tolerance how many times the unloaded latency is still fine
  /// @param waiting requests that may wait on this node for a place in flight; 0: none
  /// @param patience how long each waits at most
  public record Concurrency(
      boolean enabled, int least, int most, double tolerance, int waiting, Duration patience) {
    /// The most that may wait.
    public static final int MOST_WAITING = 100_000;

    /// Off; 10 to 10,000, 1.5 times; nobody waits, else 1 s.
    public static final Concurrency DEFAULT =
        new Concurrency(false, 10, 10_000, 1.5, 0, Duration.ofSeconds(1));
  }

  /// Section `priority`.
  ///
  /// @param usual of requests that say nothing
  /// @param header in which a client says its own; empty: clients are not believed
  public record Importance(Priority usual, String header) {
    /// Default for all.
    public static final Importance DEFAULT = new Importance(Priority.DEFAULT, "");
  }

  /// Section `relays`: see [io.skein.proxy.resilience.RelayRules].
  ///
  /// @param connections open at once through one node; 0: no limit but the node's
  /// @param connectionsPerAddress of those, from one client address; 0: no limit of its own
  /// @param idle silence after which one is reset; 0: as its listener has it, a WebSocket 10
  ///   minutes
  /// @param halfClosed the same once one side has said all; 0: as `idle`
  /// @param lifetime at most; 0: as long as it likes
  public record Lasting(
      int connections,
      int connectionsPerAddress,
      Duration idle,
      Duration halfClosed,
      Duration lifetime) {
    /// Only idle, as the listener has it.
    public static final Lasting DEFAULT =
        new Lasting(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /// One of `rate-limits`.
  ///
  /// @param name unique in the service
  /// @param requests in each `per`
  /// @param per 1 s to 1 h
  /// @param burst requests at once
  /// @param by whose requests are counted together
  /// @param header with `header`, which
  /// @param mesh whether the limit is for the whole mesh
  public record Limit(
      String name,
      int requests,
      Duration per,
      int burst,
      RateLimit.By by,
      String header,
      boolean mesh) {}
}
