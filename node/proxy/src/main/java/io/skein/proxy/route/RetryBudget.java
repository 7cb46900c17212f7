package io.skein.proxy.route;

/// Decides whether one more try is affordable. Implementations are thread-safe, allocate nothing
/// and never block: event loops call them.
public interface RetryBudget {
  /// Never allows a retry.
  RetryBudget NONE =
      new RetryBudget() {
        @Override
        public void request(long nowNanos) {}

        @Override
        public boolean tryRetry(long nowNanos) {
          return false;
        }
      };

  /// A request came in: it earns its share of a retry.
  void request(long nowNanos);

  /// Takes one retry from the budget.
  ///
  /// @return false if none is left
  boolean tryRetry(long nowNanos);

  /// Gives back a retry that was taken at `takenNanos` and did not take place.
  default void giveBack(long takenNanos) {}
}
