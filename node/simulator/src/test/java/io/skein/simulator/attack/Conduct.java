package io.skein.simulator.attack;

import io.skein.ledger.record.Body;
import java.util.random.RandomGenerator;

/// How a node behaves towards requests and in what it says of others. The default is honesty.
interface Conduct {
  /// Serves everybody well (99 % of requests) and says what it saw.
  Conduct HONEST = new Conduct() {};

  /// Whether a request that `from` forwards to `self` is answered well.
  default boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
    return random.nextInt(100) > 0;
  }

  /// What `self` says of its requests to `about`.
  ///
  /// @param truth what it saw
  default Saw says(Citizen self, Citizen about, Saw truth, long window, RandomGenerator random) {
    return truth;
  }

  /// What is written when `self` has folded a window: the record's body.
  default Body.Performance writes(Body.Performance body) {
    return body;
  }

  /// Requests seen: well answered, and not.
  record Saw(int good, int bad) {
    static final Saw NOTHING = new Saw(0, 0);

    boolean isEmpty() {
      return good == 0 && bad == 0;
    }
  }
}
