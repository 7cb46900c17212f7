package io.skein.app.routes;

import io.skein.proxy.route.RetryBudget;

/// The proxy's view of retry budgets that stand one above the other, such as a service's and the
/// node's: a retry is paid from each of them, or from none.
///
/// @param own the innermost
/// @param above what has to pay as well
record LayeredBudget(io.skein.routing.retry.RetryBudget own, RetryBudget above)
    implements RetryBudget {
  @Override
  public void request(long nowNanos) {
    own.requested(nowNanos);
    above.request(nowNanos);
  }

  @Override
  public boolean tryRetry(long nowNanos) {
    if (!own.tryRetry(nowNanos)) {
      return false;
    }
    if (above.tryRetry(nowNanos)) {
      return true;
    }
    own.giveBack(nowNanos);
    return false;
  }

  @Override
  public void giveBack(long takenNanos) {
    own.giveBack(takenNanos);
    above.giveBack(takenNanos);
  }

  /// The outermost: nothing has to pay but itself.
  record Outermost(io.skein.routing.retry.RetryBudget budget) implements RetryBudget {
    @Override
    public void request(long nowNanos) {
      budget.requested(nowNanos);
    }

    @Override
    public boolean tryRetry(long nowNanos) {
      return budget.tryRetry(nowNanos);
    }

    @Override
    public void giveBack(long takenNanos) {
      budget.giveBack(takenNanos);
    }
  }
}
