package io.skein.healing.diagnosis;

import java.util.OptionalLong;

/// How long something must be so before anything follows from it.
///
/// @param saidNanos it must have been seen so before it is said
/// @param drainedNanos a node must have been found so before it is drained; empty if it is not
///   drained for that
public record Persistence(long saidNanos, OptionalLong drainedNanos) {
  private static final long SECOND = 1_000_000_000L;
  private static final OptionalLong ILL = OptionalLong.of(30 * SECOND);

  // Damage that was mended at the start is told for a minute.
  private static final OptionalLong DAMAGED = OptionalLong.of(90 * SECOND);

  private static final Persistence NONE = said(0);

  private static Persistence said(long nanos) {
    return new Persistence(nanos, OptionalLong.empty());
  }

  /// That of a diagnosis.
  public static Persistence of(Diagnosis diagnosis) {
    return switch (diagnosis) {
      case Diagnosis.NodeOverloaded _ -> new Persistence(3 * SECOND, ILL);
      case Diagnosis.NodeClockSkewed _ -> new Persistence(2 * SECOND, ILL);
      case Diagnosis.NodeOutOfDisk disk -> disk.writes() ? NONE : new Persistence(0, ILL);
      case Diagnosis.LedgerCorrupted _ -> new Persistence(0, DAMAGED);
      case Diagnosis.LinkSlow _ -> said(3 * SECOND);
      case Diagnosis.ForecastWrong _ -> said(30 * SECOND);
      case Diagnosis.EndpointDead _,
          Diagnosis.EndpointErring _,
          Diagnosis.EndpointSlow _,
          Diagnosis.EndpointFlapping _,
          Diagnosis.EndpointLying _,
          Diagnosis.EndpointStranded _,
          Diagnosis.NodeDead _,
          Diagnosis.NodeSilent _,
          Diagnosis.NodePartitioned _,
          Diagnosis.NodeParted _,
          Diagnosis.LinkLossy _,
          Diagnosis.RegionLost _,
          Diagnosis.ChangeHarmful _ ->
          NONE;
    };
  }
}
