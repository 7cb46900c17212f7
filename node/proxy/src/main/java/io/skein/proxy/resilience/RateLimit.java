package io.skein.proxy.resilience;

import io.skein.routing.rate.Demand;
import io.skein.routing.rate.KeyedRates;
import io.skein.routing.rate.Rate;
import io.skein.routing.rate.RateGate;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// One rate limit of one service, with what was used of it. Any thread; no locks, no allocation.
public final class RateLimit {
  /// Whose requests are counted together.
  public enum By {
    /// All of the service.
    SERVICE,
    /// Those from one client address.
    ADDRESS,
    /// Those with one value of a header; those without the header by their address.
    HEADER
  }

  private final String name;
  private final By by;
  private final String header;
  private final Rate wanted;
  private final Optional<Demand> demand;
  private final Optional<KeyedRates> keyed;
  private final RateGate gate;
  private final LongAdder refused = new LongAdder();
  private volatile Rate rate;

  /// @param name for people, header-safe
  /// @param header with [By#HEADER], whose value counts; otherwise of no meaning
  /// @param rate of this node, or of the whole mesh
  /// @param mesh whether the limit is the whole mesh's; only with [By#SERVICE]
  /// @param places with keys, how many there is room for
  /// @param secret random
  public RateLimit(
      String name,
      By by,
      String header,
      Rate rate,
      boolean mesh,
      int places,
      long secret,
      long nowNanos) {
    if (mesh && by != By.SERVICE) {
      throw new IllegalArgumentException("mesh: true (expected: only for all of a service)");
    }
    this.name = name;
    this.by = by;
    this.header = header.toLowerCase(Locale.ROOT);
    this.wanted = rate;
    this.rate = rate;
    this.gate = new RateGate(nowNanos);
    this.demand = mesh ? Optional.of(new Demand()) : Optional.empty();
    this.keyed = by == By.SERVICE ? Optional.empty() : Optional.of(new KeyedRates(places, secret));
  }

  /// Takes a request.
  ///
  /// @param key the client's address, or the header's value
  /// @return [Rate#ADMITTED], or how many nanoseconds later one would be
  public long take(CharSequence key, long nowNanos) {
    if (demand.isPresent()) {
      demand.get().asked(nowNanos);
    }
    long wait =
        keyed.isPresent() ? keyed.get().take(key, rate, nowNanos) : gate.take(rate, nowNanos);
    if (wait != Rate.ADMITTED) {
      refused.increment();
    }
    return wait;
  }

  /// The mesh shared the limit anew.
  ///
  /// @param perSecond this node's share
  public void share(double perSecond) {
    double part = perSecond / wanted.perSecond();
    rate =
        Rate.perSecond(
            Math.max(perSecond, 1e-9), Math.clamp(Math.round(wanted.burst() * part), 1, 1_000_000));
  }

  /// What this node is asked for, if the limit is the whole mesh's.
  public Optional<Demand> demand() {
    return demand;
  }

  /// For people.
  public String name() {
    return name;
  }

  /// Whose requests are counted together.
  public By by() {
    return by;
  }

  /// Name of the header that counts, in lower case.
  public String header() {
    return header;
  }

  /// The limit as it was configured.
  public Rate wanted() {
    return wanted;
  }

  /// The limit that this node keeps now.
  public Rate rate() {
    return rate;
  }

  /// Requests refused so far.
  public long refused() {
    return refused.sum();
  }

  /// The value of the `RateLimit-Policy` field (draft-ietf-httpapi-ratelimit-headers-10): the quota
  /// and its window in seconds.
  public String policy() {
    double perSecond = rate.perSecond();
    long window = perSecond >= 1 ? 1 : (long) Math.ceil(1 / perSecond);
    long quota = Math.max(1, (long) (perSecond * window));
    return "\"" + name + "\";q=" + quota + ";w=" + window;
  }
}
