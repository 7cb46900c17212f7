package io.skein.gossip.state;

import java.time.Duration;

/// Limits of a [StateExchange].
///
/// @param fanout digests a tick, 1–16. A value needs about log(n)/log(1 + 2·fanout) ticks to reach
///   n nodes; each digest costs 32 bytes an owner, its answer as much again when all is equal:
///   nothing
/// @param messageBytes largest message, 16 KiB + 1 KiB … 64 KiB; what does not fit follows in the
///   next message
/// @param maxOwners how many nodes' values are held, 1–1,024; values of further ones are dropped
/// @param forgetAfter how long an owner that is no peer and sends nothing new is remembered
public record StateConfig(int fanout, int messageBytes, int maxOwners, Duration forgetAfter) {
  /// Largest value.
  public static final int MAX_VALUE_BYTES = 16 << 10;

  /// Keys an owner may have.
  public static final int MAX_KEYS = 64;

  /// Longest key: characters `a-z 0-9 - . _ /`.
  public static final int MAX_KEY_LENGTH = 64;

  static final int MAX_MESSAGE_BYTES = 64 << 10;
  static final int OWNER_LIMIT = 1_024;

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException naming the first that is violated
  public StateConfig {
    if (fanout < 1 || fanout > 16) {
      throw new IllegalArgumentException("fanout: " + fanout + " (expected: 1 .. 16)");
    }
    if (messageBytes < MAX_VALUE_BYTES + 1_024 || messageBytes > MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "messageBytes: " + messageBytes + " (expected: 17408 .. 65536)");
    }
    if (maxOwners < 1 || maxOwners > OWNER_LIMIT) {
      throw new IllegalArgumentException("maxOwners: " + maxOwners + " (expected: 1 .. 1024)");
    }
    if (forgetAfter.compareTo(Duration.ofSeconds(1)) < 0
        || forgetAfter.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("forgetAfter: " + forgetAfter + " (expected: 1 s .. 1 d)");
    }
  }

  /// Fanout 2, 64 KiB, 1,024 owners, 10 minutes.
  public static StateConfig defaults() {
    return new StateConfig(2, MAX_MESSAGE_BYTES, OWNER_LIMIT, Duration.ofMinutes(10));
  }
}
