package io.skein.proxy.http;

import io.skein.routing.overload.Step;

/// A connection that a client opened, as its [Worker] sees it; event loop only.
interface ClientConnection {
  /// Looks for deadlines that passed.
  void tick(long nowNanos);

  /// The node is about to drain: tell the client, if the protocol has words for it between answers.
  default void notice() {
    // HTTP/1.1 says it with each answer.
  }

  /// The node drains: close without a request under way, else after the last.
  void drain();

  /// The node is short of something: end if that costs nobody anything.
  ///
  /// @return whether it began to end now
  default boolean relieve(Step step, long nowNanos) {
    return false;
  }

  /// The listener it came by goes or changes: end, but not in the midst of anything.
  default void dismiss() {
    drain();
  }

  /// Whether it came by that listener, as it was configured then.
  default boolean cameBy(ListenerConfig listener) {
    return false;
  }

  /// How long the client has taken nothing of what is there for it; 0 if it takes it, or there is
  /// nothing.
  default long stalledNanos(long nowNanos) {
    return 0;
  }

  /// Memory is short: close at once, what is held for the client with it.
  default void sacrifice() {
    abort();
  }

  /// Close now.
  void abort();
}
