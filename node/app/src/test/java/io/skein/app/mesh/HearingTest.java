package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.SharedBuffer;
import io.skein.gossip.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HearingTest {
  private static final PeerId LOUD = new PeerId(0, 1);
  private static final PeerId QUIET = new PeerId(0, 2);
  private static final int KIB = 1_024;
  private static final int LIMIT = 2_048 * KIB;

  private final MeshThread thread = new MeshThread("test");
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<PeerId> heard = new ArrayList<>();
  private final SharedBuffer buffer = new SharedBuffer(LIMIT);
  private final Transport.Listener next =
      new Transport.Listener() {
        @Override
        public void message(PeerId from, int channel, byte[] payload) {
          heard.add(from);
        }

        @Override
        public void view(SortedSet<PeerId> reachable) {
          heard.addAll(reachable);
        }
      };
  private final Hearing hearing = new Hearing(thread, next, buffer);

  @AfterEach
  void close() {
    thread.close();
  }

  private void holdUp() {
    thread.execute(() -> {
      try {
        go.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private List<PeerId> allHeard() throws Exception {
    go.countDown();
    return thread.ask(() -> List.copyOf(heard)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void whoSaysTooMuchLeavesRoomForOthers() throws Exception {
    holdUp();
    int said = LIMIT / (16 * KIB);
    for (int i = 0; i < said; i++) {
      hearing.message(LOUD, 0, new byte[16 * KIB]);
    }
    hearing.message(QUIET, 0, new byte[16 * KIB]);
    assertTrue(buffer.taken() < LIMIT / 2, "taken: " + buffer.taken());
    assertEquals(said + 1, hearing.waiting() + hearing.dropped());
    List<PeerId> all = allHeard();
    assertEquals(QUIET, all.getLast());
    assertTrue(all.size() > said / 4 && all.size() < said / 2, "heard: " + all.size());
    assertEquals(0, hearing.waiting());
    assertEquals(0, buffer.taken());
  }

  @Test
  void viewsAreNeverDropped() throws Exception {
    holdUp();
    for (int i = 0; i < 100; i++) {
      hearing.message(LOUD, 0, new byte[64 * KIB]);
    }
    hearing.view(new TreeSet<>(List.of(QUIET)));
    assertEquals(QUIET, allHeard().getLast());
  }

  @Test
  void smallMessagesAreBoundedByTheirNumber() {
    Hearing roomy = new Hearing(thread, next, new SharedBuffer(Long.MAX_VALUE));
    holdUp();
    for (int i = 0; i < 20_000; i++) {
      roomy.message(LOUD, 0, new byte[1]);
    }
    assertEquals(16_384, roomy.waiting());
    assertEquals(20_000 - 16_384, roomy.dropped());
    go.countDown();
  }
}
