package io.skein.simulator.attack;

import java.util.random.RandomGenerator;

/// The conducts of attackers.
final class Attacks {
  private static final int MOST = 1_000;

  private Attacks() {}

  /// Serves badly, and says what it saw.
  static Conduct individual() {
    return new Conduct() {
      @Override
      public boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
        return false;
      }
    };
  }

  /// Serves badly, and says anything of anybody.
  static Conduct noise() {
    return new Conduct() {
      @Override
      public boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
        return false;
      }

      @Override
      public Saw says(Citizen self, Citizen about, Saw truth, long window, RandomGenerator random) {
        int good = random.nextInt(101);
        return new Saw(good, 100 - good);
      }
    };
  }

  /// What a collective does.
  ///
  /// @param servedPercent of the requests of others; fellows are served well
  /// @param praises its own, as much as counts
  /// @param slanders all others
  record Collective(int servedPercent, boolean praises, boolean slanders) implements Conduct {
    @Override
    public boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
      return from.conduct instanceof Collective || random.nextInt(100) < servedPercent;
    }

    @Override
    public Saw says(Citizen self, Citizen about, Saw truth, long window, RandomGenerator random) {
      if (about.conduct instanceof Collective) {
        return praises ? new Saw(MOST, 0) : truth;
      }
      return slanders ? new Saw(0, MOST) : truth;
    }
  }

  /// Of a collective that serves badly and praises its own.
  static final Conduct BALLOT_STUFFER = new Collective(0, true, false);

  /// Of one that says the worst of all others besides.
  static final Conduct SLANDERER = new Collective(0, true, true);

  /// Serves everybody well to be heard, praises the bad and says the worst of the honest.
  static final Conduct SPY =
      new Conduct() {
        @Override
        public Saw says(
            Citizen self, Citizen about, Saw truth, long window, RandomGenerator random) {
          return about.conduct == HONEST ? new Saw(0, MOST) : new Saw(MOST, 0);
        }
      };

  /// Serves well and speaks the truth, but of one victim says the worst.
  record Slanderer(Citizen victim) implements Conduct {
    @Override
    public Saw says(Citizen self, Citizen about, Saw truth, long window, RandomGenerator random) {
      return about == victim ? new Saw(0, MOST) : truth;
    }
  }

  /// Serves well for `good` windows and badly for `bad`, in turns, and says what it saw.
  record OnOff(int good, int bad) implements Conduct {
    boolean on(long window) {
      return (window - Village.FIRST_WINDOW) % (good + bad) >= good;
    }

    @Override
    public boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
      return !on(window) && random.nextInt(100) > 0;
    }
  }

  /// Serves one in `victims` of the others badly, always the same, and the rest well.
  record TwoFaced(int victims) implements Conduct {
    @Override
    public boolean serves(Citizen self, Citizen from, long window, RandomGenerator random) {
      return Math.floorMod(from.number + self.number, victims) > 0;
    }
  }
}
