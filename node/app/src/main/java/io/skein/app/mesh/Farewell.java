package io.skein.app.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The goodbyes of peers, and this node's own: who leaves without being heard looks dead, and its
/// share would be covered for nothing. On the mesh thread, but for [#say].
final class Farewell {
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  private static final Duration WRITTEN = Duration.ofSeconds(5);
  private static final Duration HEARD = Duration.ofMillis(500);
  private static final byte[] GOODBYE = new byte[0];
  private static final byte[] ANSWER = {1};

  private final MeshThread thread;
  private final BiConsumer<PeerId, byte[]> outbox;
  private volatile CountDownLatch unheard = new CountDownLatch(0);

  /// @param outbox takes goodbyes and answers to them
  Farewell(MeshThread thread, BiConsumer<PeerId, byte[]> outbox) {
    this.thread = thread;
    this.outbox = outbox;
  }

  /// A message came.
  ///
  /// @return whether the peer leaves; otherwise it has heard that this node does
  boolean receive(PeerId from, byte[] payload) {
    if (payload.length == GOODBYE.length) {
      outbox.accept(from, ANSWER);
      return true;
    }
    unheard.countDown();
    return false;
  }

  /// Writes what is open and says goodbye to every peer. Blocks until they have heard it, at most
  /// five seconds. Any thread but the mesh's, once.
  ///
  /// @param turns whose open window is recorded
  /// @param records what is committed last
  /// @param reachable who is told; asked on the mesh thread
  void say(WindowTurns turns, Records records, Supplier<Set<NodeId>> reachable) {
    try {
      thread
          .ask(() -> {
            turns.close();
            return turns.end();
          })
          .thenCompose(ended -> ended)
          .thenCompose(_ ->
              thread.ask(() -> {
                records.close();
                tell(reachable.get());
                return true;
              }))
          .get(WRITTEN.toMillis(), TimeUnit.MILLISECONDS);
      if (!unheard.await(HEARD.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("not every peer heard the goodbye in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the goodbye was not finished: {}", e.toString());
    }
  }

  private void tell(Set<NodeId> peers) {
    unheard = new CountDownLatch(peers.size());
    peers.forEach(peer -> outbox.accept(Peers.peerId(peer), GOODBYE));
  }
}
