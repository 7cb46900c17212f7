package io.skein.routing.candidate;

/// An endpoint, or a peer that has endpoints, as a policy sees it for one choice. Immutable but for
/// the live load it refers to.
public final class Candidate {
  /// Reputation of a subject nobody knows: one half in Q30.
  public static final long NEUTRAL_REPUTATION = 1L << 29;

  private final String id;
  private final Kind kind;
  private final int weight;
  private final Availability availability;
  private final long reputationQ30;
  private final long distanceNanos;
  private final EndpointLoad load;
  private final Decision.Chosen chosen;

  /// Whom the request would be sent to.
  public enum Kind {
    /// An endpoint that this node reaches itself.
    ENDPOINT,
    /// A peer that forwards to an endpoint of its own.
    PEER
  }

  /// @param id the endpoint's id, or the peer's node id
  /// @param kind which of the two
  /// @param weight relative capacity, at least 1
  /// @param availability whether it may be chosen
  /// @param reputationQ30 0 (never) to 2^30 (perfect)
  /// @param distanceNanos network round trip to it, 0 if negligible
  /// @param load its live load
  public Candidate(
      String id,
      Kind kind,
      int weight,
      Availability availability,
      long reputationQ30,
      long distanceNanos,
      EndpointLoad load) {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }
    if (reputationQ30 < 0 || reputationQ30 > 1L << 30) {
      throw new IllegalArgumentException(
          "reputationQ30: " + reputationQ30 + " (expected: 0..2^30)");
    }
    this.id = id;
    this.kind = kind;
    this.weight = weight;
    this.availability = availability;
    this.reputationQ30 = reputationQ30;
    this.distanceNanos = distanceNanos;
    this.load = load;
    this.chosen = new Decision.Chosen(this);
  }

  /// A candidate that is usable, or set aside.
  public Candidate(
      String id,
      Kind kind,
      int weight,
      boolean usable,
      long reputationQ30,
      long distanceNanos,
      EndpointLoad load) {
    this(
        id,
        kind,
        weight,
        usable ? Availability.USABLE : Availability.SET_ASIDE,
        reputationQ30,
        distanceNanos,
        load);
  }

  public String id() {
    return id;
  }

  public Kind kind() {
    return kind;
  }

  public int weight() {
    return weight;
  }

  public Availability availability() {
    return availability;
  }

  /// Whether it may be chosen.
  public boolean usable() {
    return availability == Availability.USABLE;
  }

  public long reputationQ30() {
    return reputationQ30;
  }

  public long distanceNanos() {
    return distanceNanos;
  }

  public EndpointLoad load() {
    return load;
  }

  /// The decision for this candidate, made once so that choosing allocates nothing.
  public Decision.Chosen chosen() {
    return chosen;
  }

  @Override
  public String toString() {
    return id;
  }
}
