package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.GiveBack;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.ReHome;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.HomeFacts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.routing.ejection.Ailment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/// Has an endpoint reached by another node where the one that reaches it for all cannot.
///
/// An endpoint with an owner is lost to the mesh with its owner, or with the link between the two,
/// though it may be well. Its home is lost when
///
/// | its home | for |
/// |---|---|
/// | is gone without a farewell, or connected and silent | at once |
/// | took it over and is not a live member | 10 s: it may not have been seen yet |
/// | set it aside as dead or failing | as long as it would be aside if its home saw what this node sees, and 1.5 s |
///
/// Then the live nodes that may ask it probe it, four of them a second together, those of its
/// region first. Whoever has three good probes in a row proposes itself when its rank's turn comes;
/// nobody proposes another, because nobody knows what another reaches. Of two at the same moment
/// the newer record stands. Where nobody reaches it nothing is decided: it is dead.
///
/// Its owner probes it as well while it is away and takes it back after 30 s of good probes, twice
/// as long with each relapse within ten minutes, up to eight minutes; at once if its new home is
/// lost.
final class HomeHealer {
  private static final int GOOD_PROBES = 3;
  private static final long SECOND = 1_000_000_000L;
  private static final long HURRIED_PROBE_NANOS = SECOND / 10;
  // So that all together probe four times a second.
  private static final long PROBE_NANOS_EACH = SECOND / 4;
  // A probe whose result never comes is repeated, not waited for.
  private static final long LOST_PROBE_NANOS = 5 * SECOND;
  private static final long LONGEST_PAUSE_NANOS = 5 * SECOND;
  private static final long UNSEEN_NANOS = 10 * SECOND;
  private static final long WELL_NANOS = 30 * SECOND;
  private static final int MOST_DOUBLINGS = 4;
  private static final long RELAPSE_NANOS = 600 * SECOND;
  private static final long HELD_NANOS = 120 * SECOND;

  private final Turns turns;
  private final Map<String, Watch> watches = new TreeMap<>();
  private final Map<String, Diagnosis> diagnoses = new TreeMap<>();

  private static final class Watch {
    private final Moment lost = new Moment();
    private final Moment good = new Moment();
    private final Moment due = new Moment();
    private final Moment decided = new Moment();
    private final Moment told = new Moment();
    private final Moment held = new Moment();
    private final Moment back = new Moment();
    private String home = "";
    private boolean away;
    private int relapses;
    private boolean probes;
    private long probesSeen;
    private int goodProbes;
    private long nextProbeNanos;

    void see(HomeFacts about, long nowNanos) {
      if (about.away() && !away) {
        relapses = back.ageNanos(nowNanos) <= RELAPSE_NANOS ? relapses + 1 : 0;
      } else if (away && !about.away()) {
        back.set(nowNanos);
      }
      away = about.away();
      if (!about.home().equals(home)) {
        home = about.home();
        rest();
      }
    }

    // Nothing is asked of this node.
    void rest() {
      probes = false;
      goodProbes = 0;
      lost.clear();
      good.clear();
      due.clear();
      decided.clear();
    }

    void probed(ProbeResults results, long firstNanos, long pauseNanos, long nowNanos) {
      if (!probes) {
        probes = true;
        probesSeen = results.total();
        nextProbeNanos = nowNanos + firstNanos;
        return;
      }
      long ended = results.total() - probesSeen;
      if (ended <= 0) {
        return;
      }
      probesSeen = results.total();
      goodProbes =
          results.goodInRow() > 0 ? goodProbes + (int) Math.min(ended, results.goodInRow()) : 0;
      boolean hurried = goodProbes > 0 && goodProbes < GOOD_PROBES;
      nextProbeNanos = nowNanos + (hurried ? HURRIED_PROBE_NANOS : pauseNanos);
      if (goodProbes >= GOOD_PROBES) {
        good.setIfUnset(nowNanos);
      } else {
        good.clear();
      }
    }

    boolean takeProbe(long nowNanos) {
      if (nowNanos - nextProbeNanos < 0) {
        return false;
      }
      nextProbeNanos = nowNanos + LOST_PROBE_NANOS;
      return true;
    }

    long wellNanos() {
      return WELL_NANOS << Math.min(relapses, MOST_DOUBLINGS);
    }
  }

  /// Why a home is lost.
  ///
  /// @param waitNanos for how long it must be so
  /// @param verdict by which its home set the endpoint aside, if that is why
  private record Loss(String words, long waitNanos, Optional<Verdict> verdict) {}

  HomeHealer(Turns turns) {
    this.turns = turns;
  }

  /// @param asideNanos the least time for which an endpoint stays set aside
  void step(
      Facts facts,
      Situation situation,
      ToLongFunction<String> asideNanos,
      long nowNanos,
      List<Action> actions) {
    diagnoses.clear();
    watches.keySet().retainAll(situation.homes().keySet());
    situation
        .homes()
        .forEach((endpoint, about) -> {
          Watch watch = watches.computeIfAbsent(endpoint, _ -> new Watch());
          watch.see(about, nowNanos);
          Optional<Loss> loss = loss(endpoint, about, facts, asideNanos);
          boolean owns = about.away() && about.owner().equals(facts.self());
          if (about.able().contains(facts.self()) && (owns || loss.isPresent())) {
            look(endpoint, about, watch, facts, nowNanos, actions);
            decide(endpoint, about, loss, watch, facts, situation, nowNanos, actions);
          } else {
            watch.rest();
          }
        });
  }

  /// A home made things worse: nobody is made one for this endpoint for two minutes.
  void hold(String endpoint, long nowNanos) {
    Watch watch = watches.get(endpoint);
    if (watch != null) {
      watch.held.set(nowNanos);
    }
  }

  /// Endpoints that this node reaches and their homes do not, as of the last step.
  List<Diagnosis> diagnoses() {
    return new ArrayList<>(diagnoses.values());
  }

  private static Optional<Loss> loss(
      String endpoint, HomeFacts about, Facts facts, ToLongFunction<String> asideNanos) {
    String home = about.home();
    if (facts.gone().contains(home)) {
      return Optional.of(new Loss("is gone", 0, Optional.empty()));
    }
    if (about.away() && !facts.live().contains(home)) {
      return Optional.of(new Loss("is no live member", UNSEEN_NANOS, Optional.empty()));
    }
    if (about.silent()) {
      return Optional.of(new Loss("is silent", 0, Optional.empty()));
    }
    return Optional.ofNullable(facts.verdicts().get(endpoint))
        .filter(verdict -> verdict.by().equals(home) && unreached(verdict.diagnosis()))
        .map(verdict ->
            new Loss(
                "finds it " + verdict.diagnosis().text(),
                asideNanos.applyAsLong(endpoint) + DrainRules.NEWS_NANOS,
                Optional.of(verdict)));
  }

  // Others' good probes say nothing of one that is slow, or that answers probes better than
  // requests.
  private static boolean unreached(Ailment ailment) {
    return switch (ailment) {
      case DEAD, FAILING -> true;
      case LYING, SLOW -> false;
    };
  }

  private static void look(
      String endpoint,
      HomeFacts about,
      Watch watch,
      Facts facts,
      long nowNanos,
      List<Action> actions) {
    long together = about.able().size() * PROBE_NANOS_EACH;
    watch.probed(
        about.probes(),
        rank(endpoint, about, facts.self()) * PROBE_NANOS_EACH,
        Math.max(SECOND, together),
        nowNanos);
    if (watch.takeProbe(nowNanos)) {
      actions.add(new ProbeDue(endpoint));
    }
  }

  private void decide(
      String endpoint,
      HomeFacts about,
      Optional<Loss> loss,
      Watch watch,
      Facts facts,
      Situation situation,
      long nowNanos,
      List<Action> actions) {
    if (loss.isPresent()) {
      watch.lost.setIfUnset(nowNanos);
    } else {
      watch.lost.clear();
    }
    if (loss.filter(it -> lasts(it, watch, nowNanos)).isPresent()) {
      watch.due.setIfUnset(nowNanos);
    } else {
      watch.due.clear();
    }
    int rank = rank(endpoint, about, facts.self());
    if (about.owner().equals(facts.self())) {
      if (turns.is(watch.due, 0, watch.decided, rank, nowNanos)
          || turns.is(watch.good, watch.wellNanos(), watch.decided, rank, nowNanos)) {
        watch.decided.set(nowNanos);
        String since = watch.good.ageNanos(nowNanos) / SECOND + " s of good probes";
        actions.add(new GiveBack(endpoint, about.cause().orElse(""), since));
      }
      return;
    }
    if (!watch.due.isSet() || watch.held.ageNanos(nowNanos) < HELD_NANOS) {
      return;
    }
    Diagnosis.EndpointStranded found =
        new Diagnosis.EndpointStranded(
            endpoint, about.home(), loss.map(Loss::words).orElse(""), watch.goodProbes);
    diagnoses.put(endpoint, found);
    if (!situation.acting().contains(ActionKind.RE_HOME)) {
      if (turns.wouldBe(watch.due, 0, watch.told, rank, nowNanos)) {
        watch.told.set(nowNanos);
        actions.add(new Observed(ActionKind.RE_HOME, endpoint, found.kind(), found.evidence()));
      }
    } else if (turns.isToAccuse(watch.due, 0, watch.decided, rank, nowNanos)) {
      watch.decided.set(nowNanos);
      actions.add(new ReHome(endpoint, found));
    }
  }

  // A home that probes well restores what it set aside: it is given the time for that, the pause
  // between its probes included.
  private static boolean lasts(Loss loss, Watch watch, long nowNanos) {
    if (!watch.good.isSet()) {
      return false;
    }
    if (loss.verdict().isEmpty()) {
      return watch.lost.ageNanos(nowNanos) >= loss.waitNanos();
    }
    Verdict verdict = loss.verdict().get();
    long asideNanos = nowNanos - verdict.sinceNanos();
    long goodNanos = watch.good.ageNanos(nowNanos);
    long pauseNanos =
        verdict.diagnosis() == Ailment.DEAD
            ? Math.clamp((asideNanos - goodNanos) / 8, HURRIED_PROBE_NANOS, LONGEST_PAUSE_NANOS)
            : LONGEST_PAUSE_NANOS;
    return asideNanos >= loss.waitNanos() && goodNanos >= pauseNanos + DrainRules.NEWS_NANOS;
  }

  // Its owner first, then its region.
  private static int rank(String endpoint, HomeFacts about, String node) {
    if (about.owner().equals(node)) {
      return 0;
    }
    if (about.near().contains(node)) {
      return Rendezvous.rank(endpoint, node, about.near());
    }
    Set<String> far = new TreeSet<>(about.able());
    far.removeAll(about.near());
    return about.near().size() + Rendezvous.rank(endpoint, node, far);
  }
}
