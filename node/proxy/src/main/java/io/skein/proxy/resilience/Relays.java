package io.skein.proxy.resilience;

import io.skein.routing.breaker.Breaker;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The relayed connections of one service and how many there may be. What is open is counted across
/// all snapshots of the service, whatever becomes of its rules. Any thread; no locks. Holds no more
/// addresses than there are connections, and none where addresses are not limited.
public final class Relays {
  /// No limit, nothing counted.
  public static final Relays FREE = new Relays(RelayRules.NONE, new Open());

  private final RelayRules rules;
  private final Open open;

  private static final class Open {
    final AtomicInteger all = new AtomicInteger();
    final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();
    final LongAdder refused = new LongAdder();
  }

  /// One connection's place, to be given back once.
  public final class Place {
    private final String address;
    private final boolean expendable;
    private @Nullable Breaker breaker;
    private boolean left;

    private Place(String address, boolean expendable) {
      this.address = address;
      this.expendable = expendable;
    }

    /// Whether the connection may be given up under pressure while it is silent.
    public boolean expendable() {
      return expendable;
    }

    /// The connection counts as one of the requests in flight to its endpoint until it ends.
    public void hold(Breaker endpoint) {
      endpoint.force();
      breaker = endpoint;
    }

    /// The rules that stood when it was taken.
    public RelayRules rules() {
      return rules;
    }

    /// The connection is over; further calls do nothing. One thread only.
    public void leave(long nowNanos) {
      if (!left) {
        left = true;
        Breaker held = breaker;
        if (held != null) {
          held.ended(Breaker.Leave.GRANTED, Breaker.End.UNKNOWN, nowNanos);
        }
        open.all.decrementAndGet();
        if (!address.isEmpty()) {
          open.byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  private Relays(RelayRules rules, Open open) {
    this.rules = rules;
    this.open = open;
  }

  /// With nothing open.
  public Relays(RelayRules rules) {
    this(rules, new Open());
  }

  /// The same connections under other rules.
  public Relays under(RelayRules other) {
    return other.equals(rules) ? this : new Relays(other, open);
  }

  public RelayRules rules() {
    return rules;
  }

  /// Takes a place for a connection.
  ///
  /// @param address the client's
  /// @param expendable whether it may be given up under pressure while it is silent
  /// @return null if there is none
  public @Nullable Place tryEnter(String address, boolean expendable) {
    int most = rules.connections();
    int now = open.all.incrementAndGet();
    if (most > 0 && now > most) {
      open.all.decrementAndGet();
      open.refused.increment();
      return null;
    }
    int mostOfOne = rules.connectionsPerAddress();
    if (mostOfOne == 0) {
      return new Place("", expendable);
    }
    Place place = new Place(address, expendable);
    if (open.byAddress.merge(address, 1, Integer::sum) > mostOfOne) {
      place.leave(0);
      open.refused.increment();
      return null;
    }
    return place;
  }

  /// Connections open now.
  public int open() {
    return open.all.get();
  }

  /// Connections that were refused for want of a place so far.
  public long refused() {
    return open.refused.sum();
  }
}
