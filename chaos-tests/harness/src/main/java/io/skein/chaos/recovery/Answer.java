package io.skein.chaos.recovery;

/// What came of one request.
///
/// @param dueNanos when it was due, on the run's clock; what it cost to begin later counts as
///   latency
/// @param tookNanos from then until it was answered or given up, at least 0
/// @param lagNanos how long after it was due it was begun, at least 0: the load's own lateness
/// @param good whether it was answered as it should be, and in time
/// @param why what was wrong; empty if nothing
record Answer(long dueNanos, long tookNanos, long lagNanos, boolean good, String why) {}
