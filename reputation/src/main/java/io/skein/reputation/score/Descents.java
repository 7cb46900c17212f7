package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Origin;
import io.skein.reputation.evidence.TokenShares;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/// As whom raters count: by branches of members, and these by tokens.
///
/// Whoever is in may invite others, each by an invite of its own, so that neither nodes nor invites
/// bound anything by themselves. So a member and all whom it let in, by itself or through those it
/// let in, are one branch, as in [io.skein.ledger.admission.Branches]: those begin one who came
/// through `depth` invites, and whoever came through fewer is one alone. `depth` is the least at
/// which there are [#LEAST] branches; where there never are, each node is one.
///
/// An invite that leaked may let in more members than its issuer meant. So branches that begin by
/// one invite are one token, as are all who came through the same first invites, as few as tell
/// four tokens apart ([TokenShares#TOKENS]), and `depth` at most. So no token is part of a branch,
/// and nobody's guests become tokens.
///
/// What holds: if without some member and all below it there are raters of three other branches
/// that begin no deeper than it, then it makes no more of itself by inviting.
///
/// Costs at most a pass over the raters for each invite of the longest line, of which the ledger
/// tells eight.
final class Descents {
  /// Branches that are enough: so many that each has three others to rate it, and that a quarter of
  /// the weight, which is cut, is not less than the word of one.
  private static final int LEAST = 4;

  private Descents() {}

  /// The origin of each. Equal numbers mean one of these raters, whatever they are.
  static Map<NodeId, Origin> of(Map<NodeId, Standing> raters) {
    int deepest = raters.values().stream().mapToInt(it -> it.line().size()).max().orElse(0);
    int depth = 1;
    int[] branches = branches(raters, depth);
    while (depth < deepest && count(branches) < LEAST) {
      depth++;
      branches = branches(raters, depth);
    }
    int invites = 1;
    int[] tokens = tokens(raters, invites);
    while (invites < depth && count(tokens) < TokenShares.TOKENS) {
      invites++;
      tokens = tokens(raters, invites);
    }
    Map<NodeId, Origin> origins = new LinkedHashMap<>();
    for (NodeId rater : raters.keySet()) {
      int at = origins.size();
      origins.put(rater, new Origin(tokens[at], branches[at]));
    }
    return origins;
  }

  private static int[] branches(Map<NodeId, Standing> raters, int depth) {
    return numbers(
        raters,
        (rater, standing) ->
            standing.issuers().size() > depth ? standing.issuers().get(depth) : rater);
  }

  private static int[] tokens(Map<NodeId, Standing> raters, int invites) {
    return numbers(
        raters,
        (_, standing) -> standing.line().subList(0, Math.min(invites, standing.line().size())));
  }

  /// Numbers from 0 on, equal where `by` is.
  private static int[] numbers(
      Map<NodeId, Standing> raters, BiFunction<NodeId, Standing, Object> by) {
    Map<Object, Integer> numbers = new HashMap<>();
    return raters.entrySet().stream()
        .mapToInt(rater ->
            numbers.computeIfAbsent(
                by.apply(rater.getKey(), rater.getValue()), _ -> numbers.size()))
        .toArray();
  }

  private static int count(int[] numbers) {
    return Arrays.stream(numbers).max().orElse(-1) + 1;
  }
}
