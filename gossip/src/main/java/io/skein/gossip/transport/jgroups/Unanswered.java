package io.skein.gossip.transport.jgroups;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;

/// Since when each address has been sent to without a word in return. Thread-safe.
final class Unanswered {
  private final Map<Address, Long> sinceNanos = new ConcurrentHashMap<>();

  /// Something is sent to `to`.
  void sent(Address to, long nowNanos) {
    sinceNanos.putIfAbsent(to, nowNanos);
  }

  /// Something came from `from`, or what is sent from now on takes another way.
  void heard(Address from) {
    sinceNanos.remove(from);
  }

  /// Takes out those that have not answered for `patience` or longer.
  List<Address> takeSilent(Duration patience, long nowNanos) {
    List<Address> silent = new ArrayList<>();
    sinceNanos.forEach((address, since) -> {
      if (nowNanos - since >= patience.toNanos() && sinceNanos.remove(address, since)) {
        silent.add(address);
      }
    });
    return silent;
  }
}
