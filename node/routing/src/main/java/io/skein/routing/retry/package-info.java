/// Limits on retries, and the wait before them.
///
/// Source: the budget is Finagle's `RetryBudget`; the wait is "full jitter" of M. Brooker,
/// "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015), whose simulations show it to
/// finish the work of competing clients with the fewest calls.
///
/// Does badly: a budget knows no reason. While one service fails for a good cause (a restart) and
/// another for a bad one, the first to ask gets the node's retries.
@NullMarked
package io.skein.routing.retry;

import org.jspecify.annotations.NullMarked;
