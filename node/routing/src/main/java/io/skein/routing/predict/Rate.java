package io.skein.routing.predict;

/// Events a second, averaged over about 10 s. One thread.
final class Rate {
  private static final double SECONDS = 10;

  private double perSecond;
  private double counted;
  private double age;

  void count(double events) {
    counted += events;
  }

  /// @param seconds since the last tick
  void tick(double seconds) {
    age += seconds;
    // Until 10 s have passed it is the plain average.
    double part = age < SECONDS ? seconds / age : 1 - Math.exp(-seconds / SECONDS);
    perSecond += part * (counted / seconds - perSecond);
    counted = 0;
  }

  double perSecond() {
    return perSecond;
  }
}
