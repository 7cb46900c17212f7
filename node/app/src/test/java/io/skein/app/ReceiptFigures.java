package io.skein.app;

import io.skein.ledger.receipt.Leaf;
import io.skein.ledger.receipt.Receipts;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.proxy.receipt.ReceiptRings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.SplittableRandom;

/// What a receipt costs, in CPU time of the thread that pays and in memory. No test: run its main.
final class ReceiptFigures {
  private static final int ROUNDS = 400;
  private static final int BURST = 4_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ReceiptFigures() {}

  public static void main(String[] args) {
    for (int i = 0; i < 4; i++) {
      run(i == 3);
    }
  }

  private static void run(boolean tell) {
    ReceiptRings rings = ReceiptRings.on(new SplittableRandom(1)::nextLong);
    ReceiptRing ring = rings.open().orElseThrow();
    Receipts receipts = new Receipts(3_600_000, 1L << 30);
    receipts.advance(0, 10_000);
    Leaf leaf = new Leaf();
    ReceiptRing.Taker taker =
        (high, low, begun, latency, service, endpoint, peer, method, outcome, status, tries, in,
            out) ->
            receipts.add(
                leaf.write(
                    high,
                    low,
                    1_790_000_000_000_000L + begun,
                    service,
                    method,
                    endpoint,
                    peer,
                    outcome,
                    status,
                    latency / 1_000,
                    tries,
                    in,
                    out),
                1);
    long writing = 0;
    long taking = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begun = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < BURST; i++) {
        ring.write(
            ring.nextHigh(),
            ring.nextLow(),
            i,
            1_234_567,
            "orders",
            "orders/eu-1",
            "",
            0,
            3000,
            200,
            1,
            0,
            1_024);
      }
      long written = THREADS.getCurrentThreadCpuTime();
      rings.drain(taker);
      writing += written - begun;
      taking += THREADS.getCurrentThreadCpuTime() - written;
    }
    receipts.advance(1, 10_000);
    double all = ROUNDS * BURST;
    if (tell) {
      System.out.printf(
          Locale.ROOT,
          "a receipt: %.0f ns on the event loop, %.0f ns on the thread of receipts, %.1f bytes%n",
          writing / all,
          taking / all,
          receipts.counts().bytes() / all);
    }
  }
}
