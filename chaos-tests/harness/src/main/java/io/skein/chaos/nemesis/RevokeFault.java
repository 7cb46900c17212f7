package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.Target;
import io.skein.chaos.driver.Trees;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// The identity of a node is revoked while it runs, and the others have to cut it off. At the end
/// it is killed and joins anew, without its disk and under its old name. Nobody writes at it from
/// before the revocation on: what it acknowledges after that is nobody's.
final class RevokeFault implements Fault {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final int TIMEOUT_MILLIS = 15_000;
  private static final String REASON = "{\"reason\":\"skein chaos\"}";

  private final NodeHandle node;
  private final List<Target> others;
  private final Lock gate;
  private final DiskFault.Replicated replicated;
  private final Recorder recorder;
  private final long leastMillis;
  private String seen = "its records never reached another node, it was left alone";
  private boolean held;
  private boolean ended;

  /// @param others who may revoke it
  /// @param gate held while nobody may write at the node
  /// @param recorder hears when it was revoked
  /// @param leastMillis how long it goes on at least: longer than it may take to cut it off
  RevokeFault(
      NodeHandle node,
      List<Target> others,
      Lock gate,
      DiskFault.Replicated replicated,
      Recorder recorder,
      long leastMillis) {
    this.node = node;
    this.others = List.copyOf(others);
    this.gate = gate;
    this.replicated = replicated;
    this.recorder = recorder;
    this.leastMillis = leastMillis;
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    return bare.withDown(List.of(node.name())).withForgets(List.of(node.name()));
  }

  @Override
  public void begin() {}

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    gate.lock();
    try {
      String identity =
          Http.get(node.target().api(), "/v1/node", TIMEOUT_MILLIS).json().text("id").orElse("");
      if (identity.isEmpty() || !replicated.elsewhere(node)) {
        return;
      }
      revoke(identity);
      TimeUnit.MILLISECONDS.sleep(Math.max(millis, leastMillis));
      long knowing = others.stream().filter(other -> knows(other, identity)).count();
      held = knowing > 0;
      seen = "revoked, say " + knowing + " of " + others.size();
      node.kill();
      Trees.delete(node.disk());
    } finally {
      gate.unlock();
    }
  }

  /// By the first that takes it. Whether one that does not answer has, does not show.
  private void revoke(String identity) {
    for (Target other : others) {
      ended = true;
      Http.Outcome outcome =
          Http.send(
              other.api(), "POST", "/v1/members/" + identity + "/revoke", REASON, TIMEOUT_MILLIS);
      if (outcome.good()) {
        Json value = Json.object().with("identity", identity).with("by", other.name());
        recorder.info(node.name(), Vocabulary.REVOKED, value.toString());
        return;
      }
    }
  }

  private static boolean knows(Target other, String identity) {
    return Http.get(other.api(), "/v1/members", TIMEOUT_MILLIS)
        .json()
        .member("members")
        .items()
        .stream()
        .filter(member -> member.text("id").orElse("").equals(identity))
        .anyMatch(member -> member.text("state").orElse("").equals("revoked"));
  }

  @Override
  public Proof proof() {
    return new Proof(held, node.name() + ": " + seen);
  }

  @Override
  public void end() throws IOException, InterruptedException {
    if (ended) {
      node.startAsNewcomer();
      node.awaitReady(READY);
    }
  }
}
