package io.skein.chaos.soak;

/// One thing that clients do over and over.
///
/// @param name for the report
/// @param breakable whether a kill of its endpoint while it runs may end it: what was sent cannot
///   be sent again, or what was received cannot be taken back
/// @param pauseMillis between two runs of one client
/// @param clients how many do it at the same time
/// @param step the thing itself; throws if it did not end as it must
record Task(String name, boolean breakable, long pauseMillis, int clients, Step step) {
  /// What one run does.
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }
}
