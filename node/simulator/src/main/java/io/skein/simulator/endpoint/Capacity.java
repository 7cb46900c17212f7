package io.skein.simulator.endpoint;

import io.skein.simulator.workload.ServiceLaw;

/// What an endpoint can do. Immutable.
///
/// @param service how long a request takes where nothing else is in its way
/// @param slots requests served at once, each at full speed; the others wait in line. 0: as many as
///   come
/// @param queue how many may wait; those beyond are refused with a failure at once
/// @param cores over 0: the requests share so many processors instead, each using one at most, and
///   none waits; then `slots` has no meaning
/// @param antagonist who else wants the processors
/// @param stopsWhenCancelled whether what nobody waits for any more is dropped at once; else what
///   has begun is finished
public record Capacity(
    ServiceLaw service,
    int slots,
    int queue,
    double cores,
    Antagonist antagonist,
    boolean stopsWhenCancelled) {
  /// As many as come, each as fast as the law says.
  public static Capacity unbounded(ServiceLaw service) {
    return new Capacity(service, 0, Integer.MAX_VALUE, 0, Antagonist.NONE, false);
  }

  /// Other programs on an endpoint's machine, which take what is left over, or more: the processors
  /// there are for the endpoint are `cores` times a factor that is drawn anew, from between `least`
  /// and `most`, at random times.
  ///
  /// @param everyNanos mean time between two draws; 0: there is nobody else
  public record Antagonist(long everyNanos, double least, double most) {
    /// Nobody.
    public static final Antagonist NONE = new Antagonist(0, 1, 1);
  }
}
