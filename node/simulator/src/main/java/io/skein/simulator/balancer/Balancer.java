package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.LatencyByLoad;
import io.skein.routing.candidate.LoadReport;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Prober;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.ejection.Outcome;
import io.skein.routing.hedge.Hedging;
import io.skein.routing.locality.Headroom;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.Backoff;
import io.skein.routing.retry.RetryBudget;
import io.skein.routing.retry.RetryBudgetConfig;
import io.skein.simulator.endpoint.End;
import io.skein.simulator.endpoint.Station;
import io.skein.simulator.event.EventQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// One node's data plane without its sockets: a policy, what the node knows of each endpoint and
/// peer, retries, hedges and ejection, each by the class that a node runs. One thread.
public final class Balancer {
  private static final long HEADROOM_NANOS = 1_000_000_000L;

  // How often a node looks for answers that are late, and how long the word of them takes.
  private static final long LOOK_NANOS = 20_000_000L;
  private static final long URGENT_NANOS = 5_000_000L;

  private static final long NEVER_SEEN_NANOS = 3_600_000_000_000L;

  private static final long LEARNING_NANOS = 100_000_000L;

  // How often a node looks whether those who wait may have more of the limit.
  private static final long LINE_NANOS = 50_000_000L;

  private final EventQueue queue;
  private final Conduct conduct;
  private final Policy policy;
  private final LocalFirst selector;
  private final SplittableRandom random;
  // Of their own, so that whoever hears of something more or less decides by the same chance.
  private final SplittableRandom timerRandom;
  private final Watcher watcher;
  private final List<Target> locals = new ArrayList<>();
  private final List<Target> peers = new ArrayList<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Optional<Hedging> hedging;
  private final RetryBudget budget;
  private final Optional<Outliers> outliers;
  private final Optional<AdaptiveLimit> limit;
  private CandidateSet local = CandidateSet.EMPTY;
  private CandidateSet remote = CandidateSet.EMPTY;
  private boolean listens;
  private final long[] scratch = new long[LatencyByLoad.KEPT];
  private final Kinds kinds;
  private List<Balancer> beside = List.of(this);
  private int place;

  /// @param policies makes its policy
  /// @param predicted how many kinds of requests there are whose latency is learned; 0: none is
  /// @param polled what that learns by asking endpoints, filled by this balancer
  public Balancer(
      EventQueue queue,
      Conduct conduct,
      Function<Surroundings, Policy> policies,
      PolledLoads polled,
      int predicted,
      SplittableRandom random,
      Watcher watcher) {
    this.queue = queue;
    this.conduct = conduct;
    this.policy =
        policies.apply(
            conduct.probesEndpoints() ? new Surroundings(this::probe) : Surroundings.USUAL);
    this.selector =
        new LocalFirst(
            policy,
            new LocalFirstConfig(
                LocalFirstConfig.DEFAULT.probeFloor(),
                LocalFirstConfig.DEFAULT.probesPerSecond(),
                conduct.spillsOver()));
    this.kinds = new Kinds(predicted);
    this.timerRandom = random.split();
    this.random = random;
    this.watcher = watcher;
    this.hedging = conduct.hedging().map(Hedging::new);
    this.budget =
        new RetryBudget(
            new RetryBudgetConfig(conduct.retryBudget(), RetryBudgetConfig.DEFAULT.minPerSecond()));
    this.outliers = conduct.ejection().map(ejection -> new Outliers(this, ejection, locals));
    this.limit = conduct.concurrency().map(config -> new AdaptiveLimit(config, queue.nowNanos()));
    if (limit.isPresent()) {
      repeat(LINE_NANOS, limit.get().line()::look);
    }
    if (policy instanceof AllSeeingPolicy seer) {
      seer.sees(this::speed);
    }
    if (policy instanceof PolledLoads.Reader) {
      repeat(conduct.pollNanos(), _ -> poll(polled));
    }
    if (conduct.gossipNanos() > 0) {
      repeat(conduct.gossipNanos(), this::tellAll);
      repeat(Math.min(LOOK_NANOS, conduct.gossipNanos()), this::tellLate);
    }
    if (conduct.reportNanos() > 0) {
      repeat(conduct.reportNanos(), this::hearReports);
    }
    if (predicted > 0) {
      repeat(LEARNING_NANOS, kinds::turn);
    }
  }

  // Nobody's clock strikes with anybody else's.
  private void repeat(long everyNanos, Consumer<Long> action) {
    queue.at(
        queue.nowNanos() + timerRandom.nextLong(everyNanos), now -> again(everyNanos, action, now));
  }

  private void again(long everyNanos, Consumer<Long> action, long nowNanos) {
    action.accept(nowNanos);
    queue.at(nowNanos + everyNanos, now -> again(everyNanos, action, now));
  }

  private double speed(Candidate candidate) {
    Target target = targets.get(candidate.id());
    return target != null && target.way instanceof Target.ToEndpoint(_, Station station)
        ? station.nextSpeed()
        : 0;
  }

  private void poll(PolledLoads polled) {
    for (Target target : locals) {
      if (target.way instanceof Target.ToEndpoint(_, Station station)) {
        polled.put(target.id, station.inFlight());
      }
    }
  }

  private void hearReports(long nowNanos) {
    for (Target target : locals) {
      if (target.way instanceof Target.ToEndpoint(_, Station station)) {
        double busy = station.utilisation();
        if (busy > 0) {
          target.load.told(new LoadReport(0, 0, busy, 0, 0, new TreeMap<>()), nowNanos);
        }
      }
    }
  }

  // Whom nothing is awaited from and nothing came from lately is not news, as in a node.
  private void tellAll(long nowNanos) {
    List<Word> words = new ArrayList<>();
    for (Target target : locals) {
      words.add(word(target, nowNanos));
    }
    telling(words, nowNanos + conduct.gossipNanos() / 2);
  }

  // That an answer is late is told at once, and that it came.
  private void tellLate(long nowNanos) {
    boolean news = false;
    for (Target target : locals) {
      boolean late = target.load.inFlight() > 0 && target.load.lateNanos(nowNanos) > 0;
      news |= late != target.toldLate;
      target.toldLate = late;
    }
    if (news) {
      List<Word> words = new ArrayList<>();
      for (Target target : locals) {
        words.add(word(target, nowNanos));
      }
      telling(words, nowNanos + URGENT_NANOS);
    }
  }

  private static Word word(Target target, long nowNanos) {
    return new Word(
        target.load.inFlight(),
        target.load.expectedNanos(nowNanos),
        target.load.latencyNanos(nowNanos),
        (long) target.load.lateNanos(nowNanos),
        Math.min(target.load.ageNanos(nowNanos), NEVER_SEEN_NANOS),
        nowNanos);
  }

  private void telling(List<Word> words, long atNanos) {
    for (Balancer each : beside) {
      if (each != this) {
        queue.at(atNanos, now -> each.hear(place, words, now));
      }
    }
  }

  private void hear(int from, List<Word> words, long nowNanos) {
    for (int i = 0; i < words.size(); i++) {
      locals.get(i).hear(from, words.get(i), nowNanos);
    }
  }

  /// A policy asks: there, at the endpoint, and back.
  private void probe(Candidate candidate, long nowNanos, Prober.Answers answers) {
    Target target = targets.get(candidate.id());
    if (target == null || !(target.way instanceof Target.ToEndpoint(_, Station station))) {
      Prober.DIRECT.probe(candidate, nowNanos, answers);
    } else if (target.oneWayNanos == 0) {
      tell(candidate, station, nowNanos, answers);
    } else {
      queue.at(
          nowNanos + target.oneWayNanos,
          there -> {
            int rif = station.inFlight();
            double latency = latencyAt(station, rif, there);
            double expected = station.own().expectedNanos(there);
            queue.at(
                there + target.oneWayNanos,
                _ -> answers.answered(candidate, rif, latency, expected, there));
          });
    }
  }

  private void tell(Candidate candidate, Station station, long nowNanos, Prober.Answers answers) {
    int rif = station.inFlight();
    answers.answeredAtOnce(
        candidate,
        rif,
        latencyAt(station, rif, nowNanos),
        station.own().expectedNanos(nowNanos),
        nowNanos);
  }

  private double latencyAt(Station station, int rif, long nowNanos) {
    double measured = station.own().byLoad().latencyNanos(rif, nowNanos, scratch);
    return measured > 0 ? measured : station.own().latencyNanos(nowNanos);
  }

  /// An endpoint that it reaches itself.
  ///
  /// @param index among all of the experiment
  public void reaches(String id, int index, int weight, Station station, long oneWayNanos) {
    add(locals, new Target(id, weight, new Target.ToEndpoint(index, station), oneWayNanos));
  }

  /// A peer with endpoints of its own.
  public void knows(String id, int weight, Balancer peer, long oneWayNanos) {
    add(peers, new Target(id, weight, new Target.ToPeer(peer), oneWayNanos));
  }

  // As nodes tell each other, once a second.
  private void hearHeadroom(long nowNanos) {
    boolean news = false;
    for (Target target : peers) {
      if (target.way instanceof Target.ToPeer(Balancer peer)) {
        double spare = peer.headroom().spare() / Math.max(1, peer.beside.size());
        news |= spare != target.spare;
        target.spare = spare;
      }
    }
    if (news) {
      refresh();
    }
  }

  private Headroom.Place headroom() {
    int usable = (int) locals.stream().filter(each -> !each.setAside).count();
    return new Headroom.Place(usable, selector.utilisation());
  }

  private void add(List<Target> list, Target target) {
    list.add(target);
    targets.put(target.id, target);
  }

  /// Makes new snapshots: to be called when all endpoints and peers are there, and whenever one is
  /// set aside or back.
  public void refresh() {
    local = new CandidateSet(locals.stream().map(Target::candidate).toList());
    remote =
        new CandidateSet(
            Headroom.weighing(
                peers.stream().map(Target::candidate).toList(),
                peers.stream().mapToDouble(peer -> peer.spare).toArray()));
    policy.prepare(local);
    policy.prepare(remote);
    kinds.reach(locals, peers);
  }

  /// A request comes in.
  ///
  /// @param kind what is asked: an index into the workload's classes
  /// @param mayForward whether it may go to a peer
  /// @param done hears of its end
  public Request take(long nowNanos, int kind, boolean mayForward, Consumer<Request> done) {
    Request request = new Request(this, kind, mayForward, nowNanos, done);
    budget.requested(nowNanos);
    if (conduct.deadlineNanos() > 0 && mayForward) {
      queue.at(nowNanos + conduct.deadlineNanos(), request::expire);
    }
    enter(request, nowNanos);
    return request;
  }

  // What a peer forwards waited where it came in.
  private void enter(Request request, long nowNanos) {
    if (limit.isEmpty() || !request.mayForward) {
      begin(request, nowNanos);
    } else if (limit.get().line().tryEnter(Priority.DEFAULT)) {
      request.holdsPlace = true;
      begin(request, nowNanos);
    } else {
      request.waits(limit.get(), nowNanos);
    }
  }

  void begin(Request request, long nowNanos) {
    request.begin(nowNanos);
    if (hedging.isPresent() && request.mayForward) {
      long delay = hedging.get().requested(nowNanos);
      if (delay != Hedging.NEVER && request.open()) {
        queue.at(nowNanos + delay, now -> request.hedge(delay, false, now));
      }
    }
  }

  void left(long nowNanos) {
    limit.ifPresent(each -> each.line().left(nowNanos));
  }

  Optional<Attempt> send(Request request, Candidate tried, boolean hedge, long nowNanos) {
    Decision decision =
        selector.choose(
            kinds.of(request.kind), local, remote, request.mayForward, tried, nowNanos, random);
    if (!(decision instanceof Decision.Chosen(Candidate candidate))) {
      return Optional.empty();
    }
    Target target = targets.get(candidate.id());
    if (target == null) {
      throw new IllegalStateException("chosen: " + candidate + " (expected: one of the known)");
    }
    Attempt attempt = new Attempt(request, target, candidate, nowNanos, hedge);
    switch (target.way) {
      case Target.ToEndpoint(int index, _) -> watcher.sent(index, nowNanos);
      case Target.ToPeer _ -> watcher.forwarded();
    }
    attempt.send(nowNanos);
    return Optional.of(attempt);
  }

  Optional<Attempt> sendBeside(Request request, Candidate tried, boolean again, long nowNanos) {
    if (hedging.isEmpty() || !hedging.get().tryHedge(again, nowNanos)) {
      return Optional.empty();
    }
    Optional<Attempt> second = send(request, tried, true, nowNanos);
    second.ifPresent(_ -> watcher.hedged());
    return second;
  }

  boolean mayRetry(long nowNanos) {
    boolean may = budget.tryRetry(nowNanos);
    if (may) {
      watcher.retried();
    }
    return may;
  }

  long waitNanos(int retry) {
    return Backoff.DEFAULT.waitNanos(retry, random);
  }

  /// A try ended; says how many times as long such requests take there as requests do.
  double learned(Target target, int kind, End end, long latencyNanos, int inFlight) {
    return kinds.answered(target.load, kind, end != End.GOOD, latencyNanos, inFlight);
  }

  /// A try ended.
  void saw(Target target, End end, long latencyNanos, long nowNanos) {
    limit.ifPresent(each -> each.sample(latencyNanos, end != End.GOOD, nowNanos));
    if (end == End.GOOD && hedging.isPresent()) {
      hedging.get().answered(latencyNanos, nowNanos);
    }
    if (conduct.feedback() && target.way instanceof Target.ToEndpoint(_, Station station)) {
      target.load.heard(
          station.inFlight() - target.load.inFlight(),
          beside.size() - 1,
          station.own().expectedNanos(nowNanos),
          nowNanos);
    }
    if (outliers.isPresent() && target.way instanceof Target.ToEndpoint) {
      Outcome outcome =
          switch (end) {
            case GOOD -> Outcome.GOOD;
            case FAILED -> Outcome.FAILED;
            case REFUSED -> Outcome.CONNECT_FAILED;
          };
      outliers.get().saw(target, outcome, latencyNanos, nowNanos);
    }
  }

  /// The others are there.
  ///
  /// @param all whom its verdicts reach, if verdicts are shared
  /// @param near who reach the same endpoints, itself included
  public void meets(List<Balancer> all, List<Balancer> near) {
    beside = List.copyOf(near);
    place = beside.indexOf(this);
    locals.forEach(each -> each.voices(beside.size()));
    if (!peers.isEmpty() && !listens) {
      listens = true;
      repeat(HEADROOM_NANOS, this::hearHeadroom);
    }
    outliers.ifPresent(each -> each.sharesWith(all));
  }

  void setAside(String id, long forNanos, long nowNanos) {
    Target target = targets.get(id);
    if (target == null || target.setAside) {
      return;
    }
    target.setAside = true;
    refresh();
    if (target.way instanceof Target.ToEndpoint(int index, _)) {
      watcher.setAside(index, nowNanos);
    }
    queue.at(
        nowNanos + forNanos,
        now -> {
          target.setAside = false;
          target.load.forget(now);
          target.seen.forget();
          refresh();
        });
  }

  EventQueue queue() {
    return queue;
  }

  Conduct conduct() {
    return conduct;
  }

  long nowNanos() {
    return queue.nowNanos();
  }
}
