package io.skein.routing.candidate;

/// An endpoint, or a peer that has endpoints, as a policy sees it for one choice. Immutable but for
/// the live load it refers to.
public final class Candidate {
  /// Reputation of a subject nobody knows: one half in Q30.
  public static final long NEUTRAL_REPUTATION = 1L << 29;

  /// Stands for "it did not say what it has to spare".
  public static final double UNKNOWN_SPARE = -1;

  private final String id;
  private final Kind kind;
  private final int weight;
  private final Availability availability;
  private final long reputationQ30;
  private final long distanceNanos;
  private final EndpointLoad load;
  private final double spare;
  private final double price;
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
    this.spare = UNKNOWN_SPARE;
    this.price = 1;
    this.chosen = new Decision.Chosen(this);
  }

  private Candidate(Candidate other, int weight, double spare, double price) {
    this.id = other.id;
    this.kind = other.kind;
    this.weight = weight;
    this.availability = other.availability;
    this.reputationQ30 = other.reputationQ30;
    this.distanceNanos = other.distanceNanos;
    this.load = other.load;
    this.spare = spare;
    this.price = price;
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

  /// What a peer has to spare for others' requests, in idle endpoints that only it reaches; 0 if it
  /// reaches nothing that this node does not reach, or all of that is busy; [#UNKNOWN_SPARE] if it
  /// did not say.
  public double spare() {
    return spare;
  }

  /// The same candidate as one that has so much to spare, drawn by another weight.
  ///
  /// @param newWeight at least 1
  public Candidate sparing(int newWeight, double newSpare) {
    if (newWeight < 1) {
      throw new IllegalArgumentException("weight: " + newWeight + " (expected: >= 1)");
    }
    return new Candidate(this, newWeight, newSpare, price);
  }

  /// What a request costs there relative to the other candidates; 1 where nobody says.
  public double price() {
    return price;
  }

  /// The same candidate at another price.
  ///
  /// @param newPrice above 0, and finite
  public Candidate priced(double newPrice) {
    if (!(newPrice > 0 && newPrice < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("price: " + newPrice + " (expected: > 0)");
    }
    return newPrice == price ? this : new Candidate(this, weight, spare, newPrice);
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
