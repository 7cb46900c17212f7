package io.skein.reputation.score;

import io.skein.ledger.key.PublicKey;
import io.skein.reputation.evidence.TokenShares;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which raters count as one token: those that one invite let in, by itself or through those it let
/// in.
///
/// Whoever is in may invite others, each by an invite of its own, so that tokens as such bound
/// nothing. Raters are therefore told apart by the first `depth` invites of their lines only, where
/// `depth` is the least at which there are four groups of them ([TokenShares#TOKENS]), and the
/// whole line where there never are. So all who came through one of the founder's invites are one
/// as long as four came by different ones, and in a mesh in which a single node invites the others
/// it is those whom it let in by one invite.
///
/// What holds: if without those who came through some invite, as the `k`-th of their lines, three
/// other groups can be told apart by the first `k`, then these are one group. They make no more of
/// themselves by inviting.
final class Descents {
  private Descents() {}

  /// The group of each line, from 0 on.
  ///
  /// @param lines the invites each came through, the founder's first; no two the same
  static int[] groups(List<List<PublicKey>> lines) {
    int deepest = lines.stream().mapToInt(List::size).max().orElse(0);
    for (int depth = 1; depth < deepest; depth++) {
      int[] groups = groups(lines, depth);
      if (Arrays.stream(groups).distinct().count() >= TokenShares.TOKENS) {
        return groups;
      }
    }
    return groups(lines, deepest);
  }

  private static int[] groups(List<List<PublicKey>> lines, int depth) {
    Map<List<PublicKey>, Integer> numbers = new HashMap<>();
    return lines.stream()
        .mapToInt(line ->
            numbers.computeIfAbsent(
                line.subList(0, Math.min(depth, line.size())), _ -> numbers.size()))
        .toArray();
  }
}
