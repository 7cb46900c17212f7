package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LookoutTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void looksEveryTickAfterAFailureAndEveryThirdWhenAllIsCalm() {
    try (MeshThread thread = new MeshThread("test")) {
      Lookout lookout = new Lookout(thread, nanos::get, _ -> look(Long.MAX_VALUE));
      ticks(lookout, 6);
      assertEquals(6, looks.getAndSet(0), "a node that has just started is alert");

      nanos.set(6 * SECOND);
      ticks(lookout, 6);
      assertEquals(2, looks.getAndSet(0));

      lookout.alert();
      nanos.addAndGet(SECOND);
      ticks(lookout, 6);
      assertEquals(6, looks.get());
    }
  }

  private long look(long againNanos) {
    looks.incrementAndGet();
    return againNanos;
  }

  private static void ticks(Lookout lookout, int count) {
    for (int i = 0; i < count; i++) {
      lookout.tick();
    }
  }

  @Test
  void whoIsInAHurryLooksOnceMoreWithoutATick() throws InterruptedException {
    try (MeshThread thread = new MeshThread("test")) {
      CountDownLatch looked = new CountDownLatch(101);
      Lookout lookout =
          new Lookout(
              thread,
              nanos::get,
              now -> {
                looked.countDown();
                return look(looks.get() < 100 ? now + 1 : Long.MAX_VALUE);
              });
      // In one step of the mesh thread, so that none of them comes after the hurry.
      thread.execute(() -> ticks(lookout, 100));
      assertTrue(looked.await(30, TimeUnit.SECONDS));
      thread.ask(() -> true).join();
      assertEquals(101, looks.get());
    }
  }

  @Test
  void whatWasDueBeforeTheLookIsNoHurry() {
    try (MeshThread thread = new MeshThread("test")) {
      nanos.set(SECOND);
      Lookout lookout = new Lookout(thread, nanos::get, _ -> look(SECOND));
      thread.execute(lookout::tick);
    }
    // What was put off is done before the thread ends.
    assertEquals(1, looks.get());
  }

  @Test
  void anAlarmLooksAtOnceAndManyAlarmsLookOnce() throws InterruptedException {
    try (MeshThread thread = new MeshThread("test")) {
      CountDownLatch looked = new CountDownLatch(1);
      Lookout lookout =
          new Lookout(
              thread,
              nanos::get,
              _ -> {
                assertTrue(thread.inside());
                looked.countDown();
                return look(Long.MAX_VALUE);
              });
      nanos.set(60 * SECOND);
      // In one step of the mesh thread, so that none of them is late.
      thread.execute(() -> {
        for (int i = 0; i < 100; i++) {
          lookout.alarm();
        }
      });
      assertTrue(looked.await(30, TimeUnit.SECONDS));
      thread.ask(() -> true).join();
      assertEquals(1, looks.get());
    }
  }
}
