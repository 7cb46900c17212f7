package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.Origin;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.evidence.TokenShares;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/// From opinions to scores in two passes and no more.
///
/// Pass 1 gives each peer a preliminary score: the trimmed mean of the opinions about it over the
/// long span, every rater weighing the same. Pass 2 repeats the mean for every subject and both
/// spans, a rater now weighing 1 to 4 by the quarter its own preliminary score falls in. In both
/// passes a member weighs no more together with all whom it let in, and a token's nodes are held to
/// a quarter of the weight ([TokenShares]). The score is the smaller of the two spans: trust is
/// earned over ten minutes and lost within one.
///
/// Where four tokens or more speak of subjects of a kind, a quarter is a quarter however few of
/// them speak of this one: those of four that are silent say ½. So slander by one token takes the
/// place of its own silence at the low end, where it is cut, and praise of a bad one that at the
/// high end; what the others said is moved by neither. And how many have spoken counts by tokens
/// there, since all nodes of one may be one, and by branches ([Descents]) elsewhere.
///
/// There is no fixpoint: weights come from pass 1 alone, and nothing carries over from one moment
/// of ledger time to the next.
///
/// Sources: S. Kamvar, M. Schlosser, H. Garcia-Molina, The EigenTrust Algorithm (2003), for
/// weighing raters by their own standing; A. Jøsang, R. Ismail, The Beta Reputation System (2002),
/// for opinions; the trimmed mean in place of a fixpoint is what keeps the bound under lies.
final class Passes {
  private static final int QUARTERS = 4;

  private final SortedMap<Subject, List<Opinion>> opinions;
  private final Raters raters;
  private final Parameters parameters;
  private final boolean smallMesh;
  private final boolean endpointsHeld;
  private final boolean peersHeld;
  private final Map<NodeId, Integer> quarters = new HashMap<>();

  Passes(SortedMap<Subject, List<Opinion>> opinions, Raters raters, Parameters parameters) {
    this.opinions = opinions;
    this.raters = raters;
    this.parameters = parameters;
    long members =
        raters.members().stream()
            .filter(node -> raters.standing(node).map(Standing::mayRate).orElse(false))
            .count();
    this.smallMesh = members <= 2;
    this.endpointsHeld = held(opinions, EndpointSubject.class);
    this.peersHeld = held(opinions, PeerSubject.class);
    opinions.forEach((subject, about) -> {
      if (subject instanceof PeerSubject peer) {
        quarters.put(peer.node(), quarter(preliminary(peer, about)));
      }
    });
  }

  private static boolean held(
      SortedMap<Subject, List<Opinion>> opinions, Class<? extends Subject> kind) {
    return opinions.entrySet().stream()
            .filter(entry -> kind.isInstance(entry.getKey()))
            .flatMapToInt(entry -> entry.getValue().stream().mapToInt(it -> it.origin().token()))
            .distinct()
            .limit(TokenShares.TOKENS)
            .count()
        == TokenShares.TOKENS;
  }

  private boolean held(Subject subject) {
    return switch (subject) {
      case EndpointSubject _ -> endpointsHeld;
      case PeerSubject _ -> peersHeld;
    };
  }

  /// How many have spoken, as far as they may be several.
  private static int voices(List<Opinion> about, boolean held) {
    return (int)
        about.stream()
            .map(Opinion::origin)
            .mapToInt(held ? Origin::token : Origin::branch)
            .distinct()
            .count();
  }

  /// Whether the mesh has no more than two members that may rate.
  boolean smallMesh() {
    return smallMesh;
  }

  Scores scores(long ledgerWindow) {
    SortedMap<Subject, Score> scores = new TreeMap<>();
    opinions.forEach((subject, about) -> {
      if (subject instanceof EndpointSubject) {
        scores.put(subject, endpointScore(about));
      }
    });
    for (NodeId node : raters.members()) {
      PeerSubject peer = new PeerSubject(node);
      scores.put(peer, peerScore(peer, opinions.getOrDefault(peer, List.of())));
    }
    return new Scores(OptionalLong.of(ledgerWindow), scores);
  }

  /// How the opinions about one subject were weighed.
  ///
  /// @param shares the weights of pass 2, as [TokenShares] gives them
  /// @param wholeQ30 the mean over the long span
  /// @param recentQ30 the mean over the short span
  /// @param kept what the cut left of each share in the span that decides, in quarters; the last is
  ///   that of the silent tokens
  record Weighing(TokenShares shares, long wholeQ30, long recentQ30, long[] kept) {
    static Weighing none(long scoreQ30) {
      return new Weighing(new TokenShares(new long[0], 0), scoreQ30, scoreQ30, new long[1]);
    }
  }

  /// How `about`, the opinions about `subject`, are weighed; they must not be empty.
  Weighing weigh(Subject subject, List<Opinion> about) {
    TokenShares shares = shares(about, held(subject));
    long whole = trimmed(about, Opinion::longQ30, shares);
    long recent = trimmed(about, Opinion::shortQ30, shares);
    ToLongFunction<Opinion> decides = recent < whole ? Opinion::shortQ30 : Opinion::longQ30;
    return new Weighing(
        shares, whole, recent, TrimmedMean.kept(said(about, decides), weights(shares)));
  }

  private Score endpointScore(List<Opinion> about) {
    if (smallMesh || voices(about, endpointsHeld) < parameters.endpointRaters()) {
      return new Score(Score.HALF_Q30, about.size(), windows(about), Score.Basis.NEUTRAL);
    }
    return new Score(mean(about, endpointsHeld), about.size(), windows(about), Score.Basis.RATED);
  }

  private Score peerScore(PeerSubject peer, List<Opinion> about) {
    Optional<Score.Basis> ended = ended(peer);
    if (ended.isPresent()) {
      return new Score(0, about.size(), windows(about), ended.get());
    }
    if (voices(about, peersHeld) >= parameters.peerRaters()) {
      return new Score(mean(about, peersHeld), about.size(), windows(about), Score.Basis.RATED);
    }
    long limited =
        about.isEmpty() ? Score.HALF_Q30 : Math.min(Score.HALF_Q30, mean(about, peersHeld));
    return new Score(limited, about.size(), windows(about), Score.Basis.LIMITED);
  }

  private Optional<Score.Basis> ended(PeerSubject peer) {
    return raters
        .standing(peer.node())
        .flatMap(standing ->
            standing.forked()
                ? Optional.of(Score.Basis.FORKED)
                : standing.revoked() ? Optional.of(Score.Basis.REVOKED) : Optional.empty());
  }

  /// A peer with too few raters gets ½ whatever they say: one liar must not halve a voice.
  private long preliminary(PeerSubject peer, List<Opinion> about) {
    if (ended(peer).isPresent()) {
      return 0;
    }
    return voices(about, peersHeld) < parameters.peerRaters()
        ? Score.HALF_Q30
        : trimmed(about, Opinion::longQ30, shares(about, peersHeld, _ -> 1));
  }

  private long mean(List<Opinion> about, boolean held) {
    TokenShares shares = shares(about, held);
    return Math.min(
        trimmed(about, Opinion::longQ30, shares), trimmed(about, Opinion::shortQ30, shares));
  }

  private static long trimmed(
      List<Opinion> about, ToLongFunction<Opinion> span, TokenShares shares) {
    return TrimmedMean.of(said(about, span), weights(shares));
  }

  /// What was said, and last what silence says.
  private static long[] said(List<Opinion> about, ToLongFunction<Opinion> span) {
    return LongStream.concat(about.stream().mapToLong(span), LongStream.of(Score.HALF_Q30))
        .toArray();
  }

  private static long[] weights(TokenShares shares) {
    return LongStream.concat(Arrays.stream(shares.each()), LongStream.of(shares.silent()))
        .toArray();
  }

  private TokenShares shares(List<Opinion> about, boolean held) {
    return shares(about, held, opinion -> quarterOf(opinion.rater()));
  }

  private static TokenShares shares(
      List<Opinion> about, boolean held, ToIntFunction<Opinion> weight) {
    return TokenShares.of(
        about.stream().mapToInt(weight).toArray(),
        about.stream().map(Opinion::origin).toList(),
        held);
  }

  /// An unrated peer's preliminary score is ½.
  int quarterOf(NodeId rater) {
    return quarters.getOrDefault(rater, quarter(Score.HALF_Q30));
  }

  /// (¾, 1] → 4, (½, ¾] → 3, (¼, ½] → 2, [0, ¼] → 1.
  static int quarter(long q30) {
    return (int) Math.max(1, (q30 * QUARTERS + Score.ONE_Q30 - 1) >> 30);
  }

  private static int windows(List<Opinion> about) {
    long ages = 0;
    for (Opinion opinion : about) {
      ages |= opinion.ages();
    }
    return Long.bitCount(ages);
  }
}
