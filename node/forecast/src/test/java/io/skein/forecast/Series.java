package io.skein.forecast;

import java.util.SplittableRandom;

/// Series like those of real traffic, by seed.
final class Series {
  private Series() {}

  /// Independent arrivals at a constant rate.
  static double[] poisson(int seconds, double rate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] series = new double[seconds];
    for (int t = 0; t < seconds; t++) {
      series[t] = draw(rate, random);
    }
    return series;
  }

  /// A slow wave (a day in an hour) with correlated noise, as of a large site.
  static double[] wave(int seconds, double rate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] series = new double[seconds];
    double drift = 0;
    for (int t = 0; t < seconds; t++) {
      drift = 0.98 * drift + 0.01 * random.nextGaussian();
      double mean = rate * (1 + 0.4 * Math.sin(2 * Math.PI * t / 3600)) * Math.exp(drift);
      series[t] = draw(mean, random);
    }
    return series;
  }

  /// Surges: ramps of 20 to 90 s up to three times the base, a plateau, and down again.
  static double[] surges(int seconds, double rate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] series = new double[seconds];
    double mean = rate;
    double target = rate;
    double step = 0;
    for (int t = 0; t < seconds; t++) {
      if (random.nextInt(200) == 0) {
        target = rate * (1 + 2 * random.nextDouble());
        step = (target - mean) / (20 + random.nextInt(70));
      }
      mean = Math.abs(target - mean) <= Math.abs(step) ? target : mean + step;
      series[t] = draw(mean, random);
    }
    return series;
  }

  /// On and off, as of batch clients.
  static double[] bursts(int seconds, double rate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] series = new double[seconds];
    boolean on = false;
    for (int t = 0; t < seconds; t++) {
      on = on ? random.nextInt(8) != 0 : random.nextInt(15) == 0;
      series[t] = draw(on ? 3 * rate : rate / 4, random);
    }
    return series;
  }

  /// Steps between a low rate, kept for half a minute and more, and a high one for some seconds.
  static double[] steps(int seconds, double low, double high, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] series = new double[seconds];
    boolean up = false;
    int left = 30;
    for (int t = 0; t < seconds; t++) {
      if (left-- == 0) {
        up = !up;
        left = up ? 8 + random.nextInt(8) : 30 + random.nextInt(30);
      }
      series[t] = draw(up ? high : low, random);
    }
    return series;
  }

  private static double draw(double mean, SplittableRandom random) {
    if (mean > 50) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    int count = 0;
    for (double p = random.nextDouble(); p > Math.exp(-mean); p *= random.nextDouble()) {
      count++;
    }
    return count;
  }
}
