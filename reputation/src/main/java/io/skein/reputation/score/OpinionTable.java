package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.Evidence;
import io.skein.reputation.evidence.Origin;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.evidence.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All opinions that count at one moment of ledger time, by subject; those of one subject are in
/// the order of the raters' identities.
final class OpinionTable {
  /// Raters per subject that are heard, the lowest identities first; keeps sums within 64 bits.
  static final int MAX_RATERS = 32_768;

  /// Of all raters, until it is told who speaks.
  private static final Origin UNTOLD = new Origin(0, 0);

  private final Parameters parameters;
  private final Map<NodeId, Standing> standings = new TreeMap<>();

  private OpinionTable(Parameters parameters) {
    this.parameters = parameters;
  }

  static SortedMap<Subject, List<Opinion>> collect(
      Evidence evidence, Sums sums, Raters raters, long ledgerWindow, Parameters parameters) {
    return new OpinionTable(parameters).collect(evidence, sums, raters, ledgerWindow);
  }

  /// Whether a rater of this standing is heard.
  static boolean heard(Standing standing, long ledgerWindow, Parameters parameters) {
    return standing.mayRate()
        && ledgerWindow - standing.firstWindow() >= parameters.raterAgeWindows();
  }

  private SortedMap<Subject, List<Opinion>> collect(
      Evidence evidence, Sums sums, Raters raters, long ledgerWindow) {
    List<List<Opinion>> byNumber = new ArrayList<>();
    for (int i = 0; i < evidence.subjectLimit(); i++) {
      byNumber.add(new ArrayList<>(0));
    }
    for (NodeId rater : evidence.authors()) {
      Optional<Standing> standing = raters.standing(rater);
      if (standing.isPresent() && heard(standing.get(), ledgerWindow, parameters)) {
        standings.put(rater, standing.get());
        evidence.sum(rater, ledgerWindow, sums);
        addOpinions(rater, sums, byNumber);
      }
    }
    SortedMap<Subject, List<Opinion>> bySubject = new TreeMap<>();
    for (int number = 0; number < byNumber.size(); number++) {
      if (!byNumber.get(number).isEmpty()) {
        bySubject.put(evidence.subject(number), byNumber.get(number));
      }
    }
    tellOrigins(bySubject, EndpointSubject.class);
    tellOrigins(bySubject, PeerSubject.class);
    return bySubject;
  }

  /// Raters count as [Descents] says of all who think anything of subjects of this kind.
  private void tellOrigins(
      SortedMap<Subject, List<Opinion>> bySubject, Class<? extends Subject> kind) {
    List<List<Opinion>> opinions =
        bySubject.entrySet().stream()
            .filter(entry -> kind.isInstance(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    Set<NodeId> speaking =
        opinions.stream().flatMap(List::stream).map(Opinion::rater).collect(Collectors.toSet());
    Map<NodeId, Standing> raters = new TreeMap<>(standings);
    raters.keySet().retainAll(speaking);
    Map<NodeId, Origin> origins = Descents.of(raters);
    opinions.forEach(
        about -> about.replaceAll(it -> it.by(origins.getOrDefault(it.rater(), UNTOLD))));
  }

  private void addOpinions(NodeId rater, Sums sums, List<List<Opinion>> byNumber) {
    int minimum = parameters.minimumOutcomes();
    for (int i = 0; i < sums.size(); i++) {
      int number = sums.number(i);
      long good = sums.longGoodQ16(number);
      long bad = sums.longBadQ16(number);
      List<Opinion> opinions = byNumber.get(number);
      if (!Opinion.enough(good, bad, minimum) || opinions.size() == MAX_RATERS) {
        continue;
      }
      long longQ30 = Opinion.meanQ30(good, bad);
      long shortGood = sums.shortGoodQ16(number);
      long shortBad = sums.shortBadQ16(number);
      long shortQ30 =
          Opinion.enough(shortGood, shortBad, minimum)
              ? Opinion.meanQ30(shortGood, shortBad)
              : longQ30;
      opinions.add(new Opinion(rater, UNTOLD, longQ30, shortQ30, sums.ages(number)));
    }
  }
}
