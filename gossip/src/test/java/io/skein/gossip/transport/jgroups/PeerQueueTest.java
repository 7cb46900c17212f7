package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.SharedBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PeerQueueTest {
  private static final int KIB = 1_024;
  private static final long LIMIT = 4_096L * KIB;

  private final SharedBuffer buffer = new SharedBuffer(LIMIT);
  private final LongAdder dropped = new LongAdder();
  private final CountDownLatch go = new CountDownLatch(1);
  private final BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
  private final List<PeerQueue> queues = new ArrayList<>();

  @AfterEach
  void stop() {
    queues.forEach(PeerQueue::stop);
  }

  private PeerQueue queue(PeerQueue.Sender sender) {
    PeerQueue queue = new PeerQueue("peer", buffer, dropped, sender);
    queues.add(queue);
    return queue;
  }

  /// A queue whose peer reads nothing; a first message is with its sender already.
  private PeerQueue stuck() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    PeerQueue queue =
        queue(_ -> {
          entered.countDown();
          new CountDownLatch(1).await();
          return true;
        });
    queue.offer(message(1), true);
    assertTrue(entered.await(10, TimeUnit.SECONDS));
    return queue;
  }

  /// A queue whose peer reads nothing until [#letGo].
  private PeerQueue held() {
    return queue(message -> {
      go.await();
      return lengths.add(message.getLength());
    });
  }

  /// Of all messages that the peer got, in their order.
  private List<Integer> letGo(PeerQueue queue) throws InterruptedException {
    go.countDown();
    await(queue);
    return List.copyOf(lengths);
  }

  private static Message message(int bytes) {
    return new BytesMessage(null, new byte[bytes]);
  }

  private void fill(PeerQueue queue) {
    long before = dropped.sum();
    while (dropped.sum() == before) {
      queue.offer(message(16 * KIB), false);
    }
  }

  private static void await(PeerQueue queue) throws InterruptedException {
    queue.awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void whatIsUrgentGoesFirst() throws Exception {
    PeerQueue queue = held();
    queue.offer(message(1), false);
    queue.offer(message(2), false);
    queue.offer(message(3), true);
    List<Integer> order = letGo(queue);
    assertEquals(3, order.size());
    assertTrue(order.indexOf(3) < order.indexOf(2), order.toString());
    assertEquals(0, dropped.sum());
    assertEquals(0, buffer.taken());
  }

  @Test
  void aStuckPeerTakesAThirdOfTheBuffer() throws Exception {
    PeerQueue queue = stuck();
    for (int i = 0; i < 1_000; i++) {
      queue.offer(message(16 * KIB), false);
    }
    assertTrue(buffer.taken() <= LIMIT / 3, "taken: " + buffer.taken());
    assertTrue(buffer.taken() > LIMIT / 3 - 32 * KIB, "taken: " + buffer.taken());
  }

  @Test
  void manyStuckPeersLeaveRoom() throws Exception {
    List<PeerQueue> all = new ArrayList<>();
    for (int k = 0; k < 30; k++) {
      all.add(stuck());
      all.forEach(this::fill);
    }
    assertTrue(buffer.share() > 96 * KIB, "share: " + buffer.share());
    BlockingQueue<Message> sent = new LinkedBlockingQueue<>();
    PeerQueue live = queue(sent::add);
    long before = dropped.sum();
    live.offer(message(64 * KIB), false);
    assertEquals(64 * KIB, sent.poll(10, TimeUnit.SECONDS).getLength());
    assertEquals(before, dropped.sum());
  }

  @Test
  void smallMessagesCountWhatTheyTakeBesideTheirPayload() throws Exception {
    PeerQueue queue = stuck();
    int offered = 20_000;
    for (int i = 0; i < offered; i++) {
      queue.offer(message(1), false);
    }
    long kept = offered - dropped.sum();
    assertTrue(kept < LIMIT / 3 / 200, "kept: " + kept);
  }

  @Test
  void whoStoodStillGetsWhatIsNew() throws Exception {
    PeerQueue queue = held();
    for (int i = 1; i <= 10_000; i++) {
      queue.offer(message(i / 10), true);
    }
    List<Integer> order = letGo(queue);
    assertEquals(1_000, order.getLast());
    assertEquals(10_000, order.size() + dropped.sum());
    assertTrue(order.size() <= 8_193, "sent: " + order.size());
  }

  @Test
  void aMessageLargerThanTheShareIsDropped() {
    PeerQueue queue = queue(_ -> true);
    queue.offer(message((int) LIMIT / 2), true);
    assertEquals(1, dropped.sum());
    assertEquals(0, buffer.taken());
  }

  @Test
  void aPeerThatIsGoneGivesItsPartBack() throws Exception {
    PeerQueue queue = stuck();
    fill(queue);
    long before = dropped.sum();
    queue.stop();
    assertEquals(0, buffer.taken());
    queue.offer(message(1), true);
    assertEquals(before + 1, dropped.sum());
  }

  @Test
  void whoSendsNoMoreTakesNoMore() throws Exception {
    PeerQueue queue = queue(_ -> false);
    queue.offer(message(1), true);
    await(queue);
    queue.offer(message(1), true);
    assertEquals(1, dropped.sum());
  }
}
