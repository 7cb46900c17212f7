package io.skein.app;

import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.jgroups.JoinKnock;
import io.skein.gossip.transport.jgroups.KnockResult;
import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.MeshTls;
import io.skein.ledger.admission.MeshTrust;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A joiner's first contact: finds out, before anything is written, whether a seed answers and
/// whether the mesh takes this node.
final class Knocking {
  private static final Logger LOG = LoggerFactory.getLogger(Knocking.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration KNOCK_LIMIT = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private Knocking() {}

  /// Returns when one seed has welcomed the node.
  ///
  /// @throws StartFailed if one refused it and none welcomed it, or none answers for 20 s
  static void at(NodeConfig config, Credential credential, SigningKey key, Instant now)
      throws StartFailed {
    AtomicReference<String> ownRefusal = new AtomicReference<>("");
    MeshTls tls =
        new MeshTls(
            key,
            Certificates.of(credential, key, now),
            new MeshTrust(
                claim -> Verdict.provisional(credential.meshId(), claim),
                refusal -> {
                  ownRefusal.set(refusal.sentence());
                  Trust.logRefusal(refusal);
                }));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean told = false;
    while (true) {
      List<String> silent = new ArrayList<>();
      List<String> refusals = new ArrayList<>();
      for (HostPort seed : config.mesh().seeds()) {
        switch (JoinKnock.knock(
            new MeshAddress(seed.host(), seed.port()), tls.context(), KNOCK_LIMIT)) {
          case KnockResult.Welcome _ -> {
            return;
          }
          case KnockResult.NoAnswer(String reason) -> silent.add(seed + " (" + reason + ")");
          case KnockResult.Refused(String reason) ->
              refusals.add(seed + ": " + (ownRefusal.get().isEmpty() ? reason : ownRefusal.get()));
        }
      }
      if (!refusals.isEmpty()) {
        throw new StartFailed(
            StartFailed.REFUSED,
            "the mesh refused this node: "
                + String.join("; ", refusals)
                + ". The log of the refusing node names the reason: most often the token is"
                + " expired, used up or of another mesh. Nothing was written but identity.key.");
      }
      if (System.nanoTime() > deadline) {
        throw new StartFailed(
            StartFailed.UNREACHABLE,
            "no seed answers: "
                + String.join("; ", silent)
                + ". Is the other node up, and is that its mesh port (7800, not the API's 9700)?");
      }
      if (!told) {
        told = true;
        LOG.info(
            "no seed answers yet ({}); trying for {} s",
            String.join("; ", silent),
            PATIENCE.toSeconds());
      }
      pause();
    }
  }

  private static void pause() throws StartFailed {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed(StartFailed.UNREACHABLE, "interrupted while looking for a seed", e);
    }
  }
}
