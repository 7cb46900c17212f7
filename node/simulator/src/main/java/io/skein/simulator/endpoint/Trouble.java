package io.skein.simulator.endpoint;

/// What is wrong with an endpoint for a time, or again and again for a time. Immutable.
///
/// @param fromNanos when it begins
/// @param toNanos when it is over, after `fromNanos`
/// @param everyNanos it comes back that often; 0: it lasts throughout
/// @param forNanos how long it lasts each time; of no meaning without `everyNanos`
/// @param effect what is wrong
/// @param kind of requests that it touches, an index into the workload's classes; [#EVERY_KIND]: all
public record Trouble(
    long fromNanos, long toNanos, long everyNanos, long forNanos, Effect effect, int kind) {
  /// All requests.
  public static final int EVERY_KIND = -1;

  /// One that touches all requests.
  public Trouble(long fromNanos, long toNanos, long everyNanos, long forNanos, Effect effect) {
    this(fromNanos, toNanos, everyNanos, forNanos, effect, EVERY_KIND);
  }

  /// What can be wrong.
  public sealed interface Effect {}

  /// Serving takes exactly so long.
  public record Takes(long nanos) implements Effect {}

  /// Serving takes so many times as long; below 1 it is faster.
  public record Slower(double factor) implements Effect {}

  /// Serving takes `factor` times as long at first, and as ever at the end.
  public record WarmsUp(double factor) implements Effect {}

  /// A share of requests fails, after a time.
  public record Fails(double share, long afterNanos) implements Effect {}

  /// Connections are refused.
  public record Down() implements Effect {}

  /// Nothing happens there: it takes requests and does not go on with any.
  public record Paused() implements Effect {}

  public Trouble {
    if (fromNanos < 0 || toNanos <= fromNanos) {
      throw new IllegalArgumentException(
          "toNanos: " + toNanos + " (expected: > " + fromNanos + ")");
    }
    if (everyNanos > 0 && (forNanos <= 0 || forNanos >= everyNanos)) {
      throw new IllegalArgumentException(
          "forNanos: " + forNanos + " (expected: over 0 and less than " + everyNanos + ")");
    }
  }

  /// Whether it touches such requests.
  boolean touches(int kind) {
    return this.kind == EVERY_KIND || this.kind == kind;
  }

  /// Whether it is there now.
  public boolean active(long nowNanos) {
    return nowNanos >= fromNanos
        && nowNanos < toNanos
        && (everyNanos == 0 || (nowNanos - fromNanos) % everyNanos < forNanos);
  }

  /// How many times as long serving takes because of it.
  double factor(long nowNanos) {
    return switch (effect) {
      case Slower(double factor) -> factor;
      case WarmsUp(double factor) -> {
        double done = (double) (nowNanos - fromNanos) / (toNanos - fromNanos);
        yield factor + (1 - factor) * done;
      }
      case Takes _, Fails _, Down _, Paused _ -> 1;
    };
  }
}
