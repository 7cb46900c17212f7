package io.skein.app.routes;

import io.skein.app.traffic.Experiment;
import io.skein.ledger.record.Hash;
import io.skein.proxy.route.Split;
import io.skein.routing.experiment.Evidence;
import io.skein.routing.experiment.Trial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The experiments on the mesh's routes as this node runs them. One lives for as long as its own
/// part of its route's document stays the same, whatever else of the route changes. Confined to the
/// thread of [RouteTables], but for [#counted].
public final class Experiments {
  private final Map<String, Running> running = new TreeMap<>();
  private final List<Running> gone = new ArrayList<>();
  private final Set<Hash> ended = new HashSet<>();
  private volatile List<Counted> counted = List.of();

  /// An experiment on this node.
  public static final class Running {
    private final Hash run;
    private final String route;
    private final Experiment experiment;
    private final Split split;
    private final Trial trial;
    private final long begunNanos;

    private Running(String route, Experiment experiment, Hash run, boolean on, long nowNanos) {
      this.run = run;
      this.route = route;
      this.experiment = experiment;
      this.split =
          new Split(experiment.name(), experiment.share(), experiment.by(), experiment.field(), on);
      this.trial = new Trial(experiment.batch().toNanos(), nowNanos);
      this.begunNanos = nowNanos;
    }

    /// What makes it this one: the same on all nodes.
    public Hash run() {
      return run;
    }

    public String route() {
      return route;
    }

    public Experiment experiment() {
      return experiment;
    }

    /// Whether requests are divided.
    public boolean on() {
      return split.on();
    }

    /// From now on all requests are the control's.
    public void stop() {
      split.stop();
    }

    /// Takes over what the event loops have counted.
    public void gather(long nowNanos) {
      boolean _ = trial.add(split.control().take(), split.treatment().take(), nowNanos);
    }

    /// What this node found so far.
    public Evidence evidence() {
      return trial.evidence();
    }

    /// For how long this node runs it.
    public long ageNanos(long nowNanos) {
      return nowNanos - begunNanos;
    }
  }

  /// What an experiment counted on this node, as of the latest look.
  public record Counted(String route, String name, boolean on, Evidence evidence) {}

  Experiments() {}

  /// The answers counted here, by experiment. Any thread.
  public List<Counted> counted() {
    return counted;
  }

  /// Takes a look that any thread may read.
  public void look() {
    counted =
        running.values().stream()
            .map(each ->
                new Counted(each.route(), each.experiment().name(), each.on(), each.evidence()))
            .toList();
  }

  /// What makes an experiment the same on all nodes, and another one once it is changed.
  public static Hash run(String route, Experiment experiment) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text = "skein experiment 1\n" + route + "\n" + experiment.text();
      return Hash.of(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// How a route's clients are divided; empty if nothing is tried out any more.
  Optional<Split> split(String route, Optional<Experiment> wanted, long nowNanos) {
    Running before = running.get(route);
    if (before != null
        && (wanted.isEmpty() || !before.experiment().text().equals(wanted.get().text()))) {
      drop(before);
      before = null;
    }
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    if (before == null) {
      Hash run = run(route, wanted.get());
      before = new Running(route, wanted.get(), run, !ended.contains(run), nowNanos);
      running.put(route, before);
    }
    return before.on() ? Optional.of(before.split) : Optional.empty();
  }

  /// Routes that are not named have no experiments any more.
  void retain(Set<String> routes) {
    running.values().stream()
        .filter(each -> !routes.contains(each.route()))
        .toList()
        .forEach(this::drop);
  }

  private void drop(Running each) {
    running.remove(each.route());
    if (each.on()) {
      each.stop();
      gone.add(each);
    }
  }

  /// The experiments of the newest table, in the order of their routes, those that ended included.
  public List<Running> all() {
    return List.copyOf(running.values());
  }

  /// Those that were changed or taken away while they went on, since somebody asked.
  public List<Running> takeGone() {
    List<Running> taken = List.copyOf(gone);
    gone.clear();
    return taken;
  }

  /// These have ended, by the word of records. One that ended does not begin again on this node.
  public void ended(Set<Hash> runs) {
    ended.clear();
    ended.addAll(runs);
    for (Running each : all()) {
      if (ended.contains(each.run())) {
        each.stop();
      }
    }
  }
}
