package io.skein.reputation.oracle;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.score.Standing;
import io.skein.reputation.snapshot.Score;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The rules of the module's README, written down a second time: whole history instead of rings,
/// sets and sorting instead of cells and tables, unbounded integers instead of fitting ones. Knows
/// nothing of the classes it is compared with but the types of input and output.
final class Oracle {
  private static final BigInteger ONE_Q30 = BigInteger.ONE.shiftLeft(30);
  private static final BigInteger FOUR = BigInteger.valueOf(4);
  private static final long CAP = 1_000;
  private static final int LONGEST = 8;

  private final RandomLedger ledger;
  private final long now;

  private final Kind onEndpoints = new Kind();
  private final Kind onPeers = new Kind();

  /// Rater → subject → window → what it said.
  private final Map<NodeId, Map<Subject, SortedMap<Long, long[]>>> words = new TreeMap<>();

  /// What a rater thinks, over the long span and over the short one.
  private record View(NodeId rater, BigInteger whole, BigInteger recent, Set<Long> windows) {}

  /// Who thinks anything of an endpoint, or of a peer, or writes at all.
  private final class Kind {
    private final Set<NodeId> speaking = new TreeSet<>();
    private int bottom;
    private int depth;

    void speaks(NodeId rater) {
      speaking.add(rater);
      bottom = 0;
      depth = 0;
    }

    /// Whether there are four tokens.
    boolean held() {
      return differ(rater -> head(rater, bottom()), 4);
    }

    /// The member at that depth of the rater's way in; the rater itself if it is none deeper.
    NodeId branch(NodeId rater) {
      List<NodeId> way = new ArrayList<>(standing(rater).issuers());
      way.add(rater);
      return way.get(Math.min(bottom(), way.size() - 1));
    }

    /// As many of the rater's invites, from the founder on, as it takes to tell four apart.
    List<PublicKey> token(NodeId rater) {
      if (depth == 0) {
        depth = 1;
        while (depth < bottom() && !differ(each -> head(each, depth), 4)) {
          depth++;
        }
      }
      return head(rater, depth);
    }

    /// How deep branches begin: where there are four, and below everybody if nowhere.
    private int bottom() {
      if (bottom == 0) {
        do {
          bottom++;
        } while (bottom < LONGEST && !differ(this::branch, 4));
      }
      return bottom;
    }

    private List<PublicKey> head(NodeId rater, int invites) {
      return standing(rater).line().stream().limit(invites).toList();
    }

    private boolean differ(Function<NodeId, Object> by, int least) {
      return speaking.stream().map(by).distinct().count() >= least;
    }
  }

  /// Weights, one for each view, and what nobody used.
  private record Shares(List<BigInteger> each, BigInteger unused) {}

  Oracle(RandomLedger ledger) {
    this.ledger = ledger;
    this.now = ledgerTime();
    hear();
  }

  /// Ledger time; −1 without records of anybody who counts.
  long ledgerTime() {
    Map<NodeId, Long> newest = new HashMap<>();
    for (RandomLedger.Entry entry : ledger.entries) {
      if (speaks(entry.feed().author())) {
        newest.merge(entry.feed().author(), entry.body().window(), Math::max);
      }
    }
    Kind writing = new Kind();
    newest.keySet().forEach(writing::speaks);
    if (newest.isEmpty()) {
      return -1;
    }
    Collection<Long> authors = new ArrayList<>();
    if (!writing.held()) {
      authors.addAll(byBranch(writing, newest, newest.keySet()));
    } else {
      Map<List<PublicKey>, Set<NodeId>> byToken = new HashMap<>();
      newest
          .keySet()
          .forEach(author ->
              byToken.computeIfAbsent(writing.token(author), _ -> new HashSet<>()).add(author));
      byToken.values().forEach(those -> authors.add(reached(byBranch(writing, newest, those))));
    }
    return reached(authors);
  }

  /// What the branches of some authors have reached.
  private static List<Long> byBranch(
      Kind writing, Map<NodeId, Long> newest, Collection<NodeId> authors) {
    Map<NodeId, List<Long>> windows = new HashMap<>();
    for (NodeId author : authors) {
      windows
          .computeIfAbsent(writing.branch(author), _ -> new ArrayList<>())
          .add(newest.getOrDefault(author, -1L));
    }
    return windows.values().stream().map(Oracle::reached).toList();
  }

  /// The newest window that a third have reached.
  private static long reached(Collection<Long> windows) {
    return windows.stream()
        .filter(window ->
            3L * windows.stream().filter(other -> other >= window).count() >= windows.size())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private Standing standing(NodeId node) {
    return Objects.requireNonNull(ledger.standings.get(node));
  }

  private boolean speaks(NodeId node) {
    Standing standing = ledger.standings.get(node);
    return standing != null && !standing.forked() && !standing.revoked();
  }

  /// The author's first word about each window that counts and that no later one has pushed out.
  private void hear() {
    Map<NodeId, TreeMap<Long, List<RandomLedger.Entry>>> said = new TreeMap<>();
    for (RandomLedger.Entry entry : ledger.entries) {
      said.computeIfAbsent(entry.feed().author(), _ -> new TreeMap<>())
          .computeIfAbsent(entry.body().window(), _ -> new ArrayList<>())
          .add(entry);
    }
    said.forEach((author, windows) ->
        windows.forEach((window, entries) -> {
          boolean counts = window > now - 64 && window <= now + 2;
          boolean pushedOut =
              windows.tailMap(window, false).keySet().stream()
                  .anyMatch(later -> (later - window) % 64 == 0);
          if (counts && !pushedOut) {
            take(
                author,
                window,
                entries.stream()
                    .min(
                        Comparator.<RandomLedger.Entry, BigInteger>comparing(
                                entry -> unsigned(entry.feed().epoch()))
                            .thenComparing(entry -> unsigned(entry.seq()))
                            .thenComparing(RandomLedger.Entry::hash))
                    .orElseThrow()
                    .body());
          }
        }));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private void take(NodeId author, long window, Body.Performance body) {
    Set<Subject> named = new LinkedHashSet<>();
    for (EndpointOutcome outcome : body.endpoints()) {
      Subject subject = new EndpointSubject(outcome.endpoint());
      if (named.add(subject)) {
        note(author, subject, window, outcome.good(), outcome.bad());
      }
    }
    for (PeerOutcome outcome : body.peers()) {
      Subject subject = new PeerSubject(outcome.peer());
      if (!outcome.peer().equals(author) && named.add(subject)) {
        int bad = RandomLedger.valid(outcome.acknowledgement()) ? outcome.bad() : 0;
        note(author, subject, window, outcome.good(), bad);
      }
    }
  }

  private void note(NodeId author, Subject subject, long window, long good, long bad) {
    long sum = good + bad;
    if (sum == 0) {
      return;
    }
    long kept = sum <= CAP ? good : (CAP * good + sum / 2) / sum;
    words
        .computeIfAbsent(author, _ -> new HashMap<>())
        .computeIfAbsent(subject, _ -> new TreeMap<>())
        .put(window, new long[] {kept, sum <= CAP ? bad : CAP - kept});
  }

  /// All scores.
  SortedMap<Subject, Score> scores() {
    SortedMap<Subject, List<View>> views = new TreeMap<>();
    words.forEach((rater, about) -> {
      if (speaks(rater) && now - standing(rater).firstWindow() >= 6) {
        about.forEach((subject, said) ->
            view(rater, said)
                .ifPresent(
                    view -> views.computeIfAbsent(subject, _ -> new ArrayList<>()).add(view)));
      }
    });
    views.forEach((subject, about) ->
        about.forEach(
            view -> (subject instanceof PeerSubject ? onPeers : onEndpoints).speaks(view.rater())));
    Map<NodeId, Integer> weights = new HashMap<>();
    for (NodeId node : ledger.standings.keySet()) {
      List<View> about = views.getOrDefault(new PeerSubject(node), List.of());
      BigInteger first =
          !speaks(node)
              ? BigInteger.ZERO
              : heads(about, onPeers) < 3
                  ? ONE_Q30.shiftRight(1)
                  : mean(about, shares(about, onPeers, _ -> 1), View::whole);
      weights.put(node, quarter(first));
    }
    boolean small = ledger.standings.keySet().stream().filter(this::speaks).count() <= 2;
    SortedMap<Subject, Score> scores = new TreeMap<>();
    views.forEach((subject, about) -> {
      if (subject instanceof EndpointSubject) {
        boolean neutral = small || heads(about, onEndpoints) < 2;
        scores.put(
            subject,
            neutral
                ? score(ONE_Q30.shiftRight(1), about, Score.Basis.NEUTRAL)
                : score(worse(about, onEndpoints, weights), about, Score.Basis.RATED));
      }
    });
    ledger.standings.forEach((node, standing) -> {
      List<View> about = views.getOrDefault(new PeerSubject(node), List.of());
      scores.put(new PeerSubject(node), peer(standing, about, weights));
    });
    return scores;
  }

  private Score peer(Standing standing, List<View> about, Map<NodeId, Integer> weights) {
    if (standing.forked()) {
      return score(BigInteger.ZERO, about, Score.Basis.FORKED);
    }
    if (standing.revoked()) {
      return score(BigInteger.ZERO, about, Score.Basis.REVOKED);
    }
    if (heads(about, onPeers) >= 3) {
      return score(worse(about, onPeers, weights), about, Score.Basis.RATED);
    }
    BigInteger half = ONE_Q30.shiftRight(1);
    return score(
        about.isEmpty() ? half : half.min(worse(about, onPeers, weights)),
        about,
        Score.Basis.LIMITED);
  }

  private static Score score(BigInteger q30, List<View> about, Score.Basis basis) {
    Set<Long> windows = new TreeSet<>();
    about.forEach(view -> windows.addAll(view.windows()));
    return new Score(q30.longValueExact(), about.size(), windows.size(), basis);
  }

  /// Branches, or if those of four tokens are to be had on such subjects, tokens.
  private static int heads(List<View> about, Kind kind) {
    Set<Object> heads = new HashSet<>();
    for (View view : about) {
      heads.add(kind.held() ? kind.token(view.rater()) : kind.branch(view.rater()));
    }
    return heads.size();
  }

  private BigInteger worse(List<View> about, Kind kind, Map<NodeId, Integer> weights) {
    Shares shares =
        shares(about, kind, rater -> weights.getOrDefault(rater, quarter(ONE_Q30.shiftRight(1))));
    return mean(about, shares, View::whole).min(mean(about, shares, View::recent));
  }

  /// One opinion: what was said, faded by the distance from the newest of it.
  private Optional<View> view(NodeId rater, SortedMap<Long, long[]> said) {
    long newest = Math.min(now, said.lastKey());
    BigInteger good = BigInteger.ZERO;
    BigInteger bad = BigInteger.ZERO;
    BigInteger recentGood = BigInteger.ZERO;
    BigInteger recentBad = BigInteger.ZERO;
    // Windows ahead of ledger time are of no age, and one with it.
    Set<Long> windows = new TreeSet<>(Comparator.reverseOrder());
    said.keySet().forEach(window -> windows.add(Math.min(now, window)));
    Set<Long> recent = new TreeSet<>(windows.stream().limit(6).toList());
    for (Map.Entry<Long, long[]> word : said.entrySet()) {
      long window = Math.min(now, word.getKey());
      int distance = (int) (newest - window);
      BigInteger fadedGood = BigInteger.valueOf(word.getValue()[0]).multiply(faded(distance, 12));
      BigInteger fadedBad = BigInteger.valueOf(word.getValue()[1]).multiply(faded(distance, 36));
      good = good.add(fadedGood);
      bad = bad.add(fadedBad);
      if (recent.contains(window)) {
        recentGood = recentGood.add(fadedGood);
        recentBad = recentBad.add(fadedBad);
      }
    }
    if (!enough(good, bad)) {
      return Optional.empty();
    }
    BigInteger whole = beta(good, bad);
    return Optional.of(
        new View(
            rater,
            whole,
            enough(recentGood, recentBad) ? beta(recentGood, recentBad) : whole,
            windows));
  }

  private static boolean enough(BigInteger good, BigInteger bad) {
    return good.add(bad).compareTo(BigInteger.valueOf(4L * 65_536)) >= 0;
  }

  private static BigInteger beta(BigInteger good, BigInteger bad) {
    BigInteger one = BigInteger.valueOf(65_536);
    return good.add(one).shiftLeft(30).divide(good.add(bad).add(one).add(one));
  }

  private static final Map<Integer, BigInteger> FADED = new HashMap<>();

  /// 65,536 · 2^(−distance / halfLife), to the nearest integer: half of one more than the integer
  /// part of twice that, which is a root.
  private static synchronized BigInteger faded(int distance, int halfLife) {
    return FADED.computeIfAbsent(
        distance * 1_000 + halfLife,
        _ -> {
          BigInteger power =
              BigInteger.ONE.shiftLeft(17 * halfLife).shiftRight(distance); // 17·h > distance
          BigInteger twice = BigInteger.ZERO;
          for (int bit = 17; bit >= 0; bit--) {
            BigInteger more = twice.setBit(bit);
            if (more.pow(halfLife).compareTo(power) <= 0) {
              twice = more;
            }
          }
          return twice.add(BigInteger.ONE).shiftRight(1);
        });
  }

  /// (¾, 1] → 4, (½, ¾] → 3, (¼, ½] → 2, [0, ¼] → 1.
  private static int quarter(BigInteger q30) {
    for (int quarter = 1; quarter < 4; quarter++) {
      if (q30.multiply(FOUR).compareTo(ONE_Q30.multiply(BigInteger.valueOf(quarter))) <= 0) {
        return quarter;
      }
    }
    return 4;
  }

  /// Weights in units of 1/12,288, each branch's held to that of its heaviest, and then each
  /// token's to a quarter of what all have after it. Where four could speak and fewer did, in units
  /// of 2^−28 of a token's, all of which weigh the same: as much as each of those that are missing.
  private Shares shares(List<View> about, Kind kind, Function<NodeId, Integer> weight) {
    Map<List<PublicKey>, BigInteger> byToken = new HashMap<>();
    Map<NodeId, BigInteger> own = new HashMap<>();
    for (View view : about) {
      BigInteger mine = inBranch(view, about, kind, weight);
      own.put(view.rater(), mine);
      byToken.merge(kind.token(view.rater()), mine, BigInteger::add);
    }
    boolean missing = kind.held() && byToken.size() < 4;
    Optional<BigInteger> cap = cap(new ArrayList<>(byToken.values()));
    List<BigInteger> shares = new ArrayList<>();
    for (View view : about) {
      BigInteger whole = Objects.requireNonNull(byToken.get(kind.token(view.rater())));
      BigInteger mine = Objects.requireNonNull(own.get(view.rater()));
      if (missing) {
        shares.add(mine.shiftLeft(28).divide(whole));
      } else {
        boolean over = cap.isPresent() && whole.compareTo(cap.get()) > 0;
        shares.add(over ? mine.multiply(cap.get()).divide(whole) : mine);
      }
    }
    long unused = missing ? 4 - byToken.size() : 0;
    return new Shares(shares, BigInteger.valueOf(unused).shiftLeft(28));
  }

  /// A rater's part of what its branch weighs, which is what its heaviest does; rounded up.
  private static BigInteger inBranch(
      View view, List<View> about, Kind kind, Function<NodeId, Integer> weight) {
    NodeId branch = kind.branch(view.rater());
    BigInteger all = BigInteger.ZERO;
    BigInteger heaviest = BigInteger.ZERO;
    for (View other : about) {
      if (kind.branch(other.rater()).equals(branch)) {
        BigInteger theirs = BigInteger.valueOf(weight.apply(other.rater()));
        all = all.add(theirs);
        heaviest = heaviest.max(theirs);
      }
    }
    BigInteger[] parts =
        BigInteger.valueOf(weight.apply(view.rater()) * 12_288L)
            .multiply(heaviest)
            .divideAndRemainder(all);
    return parts[0].add(BigInteger.valueOf(parts[1].signum()));
  }

  /// The largest cap that leaves nobody above a quarter: with c tokens cut to it and the others
  /// weighing `rest` together, `rest + c·cap = 4·cap`.
  private static Optional<BigInteger> cap(List<BigInteger> tokens) {
    if (tokens.size() < 4) {
      return Optional.empty();
    }
    tokens.sort(Comparator.reverseOrder());
    for (int cut = 0; cut <= 3; cut++) {
      BigInteger rest =
          tokens.subList(cut, tokens.size()).stream().reduce(BigInteger.ZERO, BigInteger::add);
      BigInteger cap = rest.divide(BigInteger.valueOf(4 - cut));
      boolean holds =
          cut == 3 || tokens.get(cut).multiply(BigInteger.valueOf(4 - cut)).compareTo(rest) <= 0;
      if (holds) {
        return Optional.of(cap);
      }
    }
    throw new AssertionError("three cuts always do");
  }

  /// The mean between the first and the third quarter of the weight, as the difference of two sums
  /// from the bottom, rounded down.
  private static BigInteger mean(List<View> about, Shares shares, Function<View, BigInteger> span) {
    TreeMap<BigInteger, BigInteger> byOpinion = new TreeMap<>();
    byOpinion.put(ONE_Q30.shiftRight(1), shares.unused());
    BigInteger total = shares.unused();
    for (int i = 0; i < about.size(); i++) {
      byOpinion.merge(span.apply(about.get(i)), shares.each().get(i), BigInteger::add);
      total = total.add(shares.each().get(i));
    }
    // In quarters: the first quarter ends at `total`, the third at three times that.
    BigInteger middle =
        lowest(byOpinion, total.multiply(BigInteger.valueOf(3))).subtract(lowest(byOpinion, total));
    return middle.divide(total.shiftLeft(1));
  }

  /// Sum of opinion times weight over the lowest `weight` quarters.
  private static BigInteger lowest(TreeMap<BigInteger, BigInteger> byOpinion, BigInteger weight) {
    BigInteger left = weight;
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<BigInteger, BigInteger> each : byOpinion.entrySet()) {
      BigInteger part = left.min(each.getValue().multiply(FOUR));
      sum = sum.add(part.multiply(each.getKey()));
      left = left.subtract(part);
    }
    return sum;
  }
}
