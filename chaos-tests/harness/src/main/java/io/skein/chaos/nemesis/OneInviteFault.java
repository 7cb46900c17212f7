package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.Links;
import io.skein.chaos.driver.Links.OneWay;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.Trees;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;

/// One invite, good for one node, admits a node on each side of a split: two nodes lose their disks
/// and join anew, each by a node of its side. After the heal only one of the two can be a member.
/// The other one may not take changes then, is killed at the end and joins by an invite of its own.
/// Until the heal nobody writes at either: what is acknowledged by a node that was not admitted is
/// nobody's.
final class OneInviteFault implements Fault {
  /// Fewer leave nobody to join by on one of the sides.
  static final int LEAST_NODES = 4;

  /// Longer than what the heal leads to may take to be the same everywhere.
  static final long JUDGED_MILLIS = 20_000;

  private static final Duration READY = Duration.ofSeconds(60);
  private static final long KNOWN_SECONDS = 15;
  private static final int TIMEOUT_MILLIS = 15_000;
  private static final int PARTS = 1_000;
  private static final String SPLIT = "split";
  private static final String FOR_ONE = "{\"uses\":1,\"expiresInSeconds\":7200}";

  private final long id;
  private final List<NodeHandle> left;
  private final List<NodeHandle> right;
  private final Links links;
  private final Function<String, Lock> gates;
  private final DiskFault.Replicated replicated;
  private final Recorder recorder;
  private final long judgedMillis;
  private final List<NodeHandle> wiped = new ArrayList<>();
  private String seen = "records of the two never reached another node, they were left alone";
  private boolean held;

  /// @param id the step's number
  /// @param nodes all of the mesh, in the order of the sides: first and last join anew
  /// @param gates held while nobody may write at a node
  /// @param replicated whether one of [#staying] holds all that a node does
  /// @param judgedMillis how long it goes on after the heal
  OneInviteFault(
      long id,
      List<NodeHandle> nodes,
      Links links,
      Function<String, Lock> gates,
      DiskFault.Replicated replicated,
      Recorder recorder,
      long judgedMillis) {
    this.id = id;
    this.left = List.copyOf(nodes.subList(0, nodes.size() / 2));
    this.right = List.copyOf(nodes.subList(nodes.size() / 2, nodes.size()));
    this.links = links;
    this.gates = gates;
    this.replicated = replicated;
    this.recorder = recorder;
    this.judgedMillis = judgedMillis;
  }

  /// Those of the nodes that keep their disks.
  static List<NodeHandle> staying(List<NodeHandle> nodes) {
    return nodes.subList(1, nodes.size() - 1);
  }

  private List<NodeHandle> joining() {
    return List.of(left.getFirst(), right.getLast());
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    List<String> names = names(joining());
    return bare.withDown(names).withForgets(names);
  }

  private static List<String> names(List<NodeHandle> nodes) {
    return nodes.stream().map(NodeHandle::name).toList();
  }

  @Override
  public void begin() {}

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    Lock one = gates.apply(left.getFirst().name());
    Lock other = gates.apply(right.getLast().name());
    one.lock();
    try {
      other.lock();
      try {
        invite();
      } finally {
        other.unlock();
      }
    } finally {
      one.unlock();
    }
  }

  private void invite() throws IOException, InterruptedException {
    for (NodeHandle node : joining()) {
      if (!replicated.elsewhere(node)) {
        return;
      }
    }
    Json invite =
        Http.send(left.getLast().target().api(), "POST", "/v1/invites", FOR_ONE, TIMEOUT_MILLIS)
            .json();
    String key = invite.text("inviteKey").orElse("");
    if (key.isEmpty() || !known(key)) {
      seen = "no invite that both sides knew of";
      return;
    }
    joinTwice(invite.text("token").orElse(""), key);
  }

  /// Waits until whoever the other one is to join by has heard of the invite.
  private boolean known(String key) throws InterruptedException {
    long deadline = System.nanoTime() + KNOWN_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      Json held = Http.get(right.getFirst().target().api(), "/v1/invites", TIMEOUT_MILLIS).json();
      if (held.member("invites").items().stream()
          .anyMatch(one -> one.text("inviteKey").orElse("").equals(key))) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return false;
  }

  private void joinTwice(String token, String key) throws IOException, InterruptedException {
    for (NodeHandle node : joining()) {
      node.kill();
      Trees.delete(node.disk());
      wiped.add(node);
    }
    long split = id * PARTS + 1;
    recorder.fault(
        FaultMark.begins(split, SPLIT, "").withSides(List.of(names(left), names(right))));
    links.cut(directions());
    try {
      left.getFirst().startAsNewcomer(left.getLast().meshAt(), token);
      right.getLast().startAsNewcomer(right.getFirst().meshAt(), token);
      List<String> identities = new ArrayList<>();
      for (NodeHandle node : joining()) {
        node.awaitReady(READY);
        identities.add(own(node).text("id").orElse(""));
      }
      held = links.touched() > 0;
      recorder.info(
          "",
          Vocabulary.JOINED_TWICE,
          Json.object()
              .with("invite", key)
              .with("identities", Json.strings(identities))
              .toString());
    } finally {
      links.heal();
      recorder.fault(FaultMark.ends(split, SPLIT));
    }
    TimeUnit.MILLISECONDS.sleep(judgedMillis);
    wiped.removeIf(OneInviteFault::admitted);
    for (NodeHandle node : wiped) {
      recorder.info(
          node.name(),
          Vocabulary.NOT_ADMITTED,
          Json.object()
              .with("identity", own(node).text("id").orElse(""))
              .with("takes", takesChanges(node))
              .toString());
    }
    seen =
        String.join(" and ", names(joining()))
            + " joined by one invite; of them "
            + (wiped.isEmpty() ? "none" : String.join(" and ", names(wiped)))
            + " not admitted in the end";
  }

  private List<OneWay> directions() {
    List<OneWay> cut = new ArrayList<>();
    for (String a : names(left)) {
      for (String b : names(right)) {
        cut.add(new OneWay(a, b));
        cut.add(new OneWay(b, a));
      }
    }
    return cut;
  }

  private static Json own(NodeHandle node) {
    return Http.get(node.target().api(), "/v1/node", TIMEOUT_MILLIS).json();
  }

  private static boolean admitted(NodeHandle node) {
    return own(node).truth("ready");
  }

  private static boolean takesChanges(NodeHandle node) {
    int status =
        Http.send(node.target().api(), "POST", "/v1/invites", FOR_ONE, TIMEOUT_MILLIS).status();
    return status >= 200 && status < 300;
  }

  @Override
  public Proof proof() {
    return new Proof(held, seen);
  }

  @Override
  public void end() throws IOException, InterruptedException {
    for (NodeHandle node : wiped) {
      node.kill();
      Trees.delete(node.disk());
      node.startAsNewcomer();
    }
    for (NodeHandle node : wiped) {
      node.awaitReady(READY);
    }
  }
}
