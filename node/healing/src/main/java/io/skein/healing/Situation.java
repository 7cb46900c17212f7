package io.skein.healing;

import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.HomeFacts;
import io.skein.healing.signal.ServiceFacts;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a healer takes into account besides endpoints and members.
///
/// @param patience how often to multiply the time before others are accused, 1 or more
/// @param strengths what worked before
/// @param acting what is carried out; the rest is only told
/// @param shifted endpoints that get a part of their weight by a record
/// @param sick live nodes to which nothing should be forwarded, as this node finds
/// @param avoided nodes to which nothing is forwarded, by a record: its id
/// @param ill live nodes that should not serve for long any more, as this node finds
/// @param drained nodes that are to have no traffic, by a record: its id
/// @param services what is known of services as wholes
/// @param homes endpoints that one node reaches for all, with what is known of that
public record Situation(
    int patience,
    Strengths strengths,
    Set<ActionKind> acting,
    SortedMap<String, Verdict> shifted,
    SortedMap<String, Diagnosis> sick,
    SortedMap<String, String> avoided,
    SortedMap<String, Diagnosis> ill,
    SortedMap<String, String> drained,
    SortedMap<String, ServiceFacts> services,
    SortedMap<String, HomeFacts> homes) {
  /// A node that is well, among nodes that are, before anything was measured.
  public static final Situation CALM =
      new Situation(
          1,
          Strengths.FIRST,
          EnumSet.allOf(ActionKind.class),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>());

  /// Where nobody is to be drained, or is, and no endpoint is one node's.
  public Situation(
      int patience,
      Strengths strengths,
      Set<ActionKind> acting,
      SortedMap<String, Verdict> shifted,
      SortedMap<String, Diagnosis> sick,
      SortedMap<String, String> avoided,
      SortedMap<String, ServiceFacts> services) {
    this(
        patience,
        strengths,
        acting,
        shifted,
        sick,
        avoided,
        new TreeMap<>(),
        new TreeMap<>(),
        services,
        new TreeMap<>());
  }

  /// The same, with nodes that should be drained, or are.
  public Situation withDrains(
      SortedMap<String, Diagnosis> illNow, SortedMap<String, String> drainedNow) {
    return new Situation(
        patience, strengths, acting, shifted, sick, avoided, illNow, drainedNow, services, homes);
  }

  /// The same, with endpoints that one node reaches for all.
  public Situation withHomes(SortedMap<String, HomeFacts> homesNow) {
    return new Situation(
        patience, strengths, acting, shifted, sick, avoided, ill, drained, services, homesNow);
  }

  public Situation {
    if (patience < 1) {
      throw new IllegalArgumentException("patience: " + patience + " (expected: >= 1)");
    }
    acting = Set.copyOf(acting);
    shifted = Collections.unmodifiableSortedMap(new TreeMap<>(shifted));
    sick = Collections.unmodifiableSortedMap(new TreeMap<>(sick));
    avoided = Collections.unmodifiableSortedMap(new TreeMap<>(avoided));
    ill = Collections.unmodifiableSortedMap(new TreeMap<>(ill));
    drained = Collections.unmodifiableSortedMap(new TreeMap<>(drained));
    services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    homes = Collections.unmodifiableSortedMap(new TreeMap<>(homes));
  }
}
