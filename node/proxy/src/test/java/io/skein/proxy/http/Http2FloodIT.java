package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Floods of HTTP/2 from many connections at once cost the node no more than it can give: each peer
/// is cut off with the code that says why, memory stays bounded, and others are served meanwhile.
@Tag("net")
@Timeout(120)
class Http2FloodIT {
  private static final int ATTACKERS = 4;
  private static final int WHOLE = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
  private static final int PROTOCOL_ERROR = 1;
  private static final int CALM = RawHttp2.ENHANCE_YOUR_CALM;

  private static final byte[] STEP = {1, 2, 3, 4, 5, 6, 7, 8};

  /// Bytes outside the heap, and on it once it was collected, that a flood may add.
  private static final long DIRECT = 32L << 20;

  private static final long HEAP = 48L << 20;

  private static byte[] many(int count, IntFunction<byte[]> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(frames.apply(i));
    }
    return all.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] head(int stream, int flags, String... more) {
    return RawHttp2.bytes(
        RawHttp2.HEADERS, flags, stream, RawHttp2.block(RawHttp2.request("GET", "/slow", more)));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return RawHttp2.bytes(type, flags, stream, payload);
  }

  static Stream<Arguments> floods() {
    byte[] none = {};
    byte[] small = RawHttp2.block("x", "y");
    byte[] large = RawHttp2.block("x", "y".repeat(16_000));
    byte[] setting = ByteBuffer.allocate(6).putShort((short) 4).putInt(1_000).array();
    return Stream.of(
        flood(
            "rapid reset",
            many(
                5_000,
                i ->
                    join(
                        head(2 * i + 1, WHOLE),
                        frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, number(8))))),
        flood(
            "resets that the proxy is made to send",
            many(
                5_000,
                i ->
                    join(
                        head(2 * i + 1, WHOLE),
                        frame(RawHttp2.WINDOW_UPDATE, 0, 2 * i + 1, number(0))))),
        flood(
            "heads that are malformed",
            many(5_000, i -> head(2 * i + 1, WHOLE, "connection", "close"))),
        flood(
            "small continuations",
            join(
                head(1, RawHttp2.END_STREAM),
                many(5_000, _ -> frame(RawHttp2.CONTINUATION, 0, 1, small)))),
        flood(
            "empty continuations",
            join(
                head(1, RawHttp2.END_STREAM),
                many(5_000, _ -> frame(RawHttp2.CONTINUATION, 0, 1, none)))),
        flood(
            "large continuations",
            join(
                head(1, RawHttp2.END_STREAM),
                many(200, _ -> frame(RawHttp2.CONTINUATION, 0, 1, large)))),
        flood("settings", many(5_000, _ -> frame(RawHttp2.SETTINGS, 0, 0, none))),
        flood(
            "settings that change windows",
            many(5_000, _ -> frame(RawHttp2.SETTINGS, 0, 0, setting))),
        flood("pings", many(5_000, _ -> frame(RawHttp2.PING, 0, 0, new byte[8]))),
        flood(
            "acknowledgements",
            many(5_000, _ -> frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8]))),
        flood(
            "empty data",
            join(
                head(1, RawHttp2.END_HEADERS), many(5_000, _ -> frame(RawHttp2.DATA, 0, 1, none)))),
        flood(
            "padding without data",
            join(
                head(1, RawHttp2.END_HEADERS),
                many(5_000, _ -> frame(RawHttp2.DATA, 8, 1, new byte[] {1, 0})))),
        flood(
            "priorities",
            many(5_000, i -> frame(RawHttp2.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 1}))),
        flood("unknown frames", many(5_000, _ -> frame(0x77, 0, 0, none))),
        flood(
            "window updates of one",
            many(30_000, _ -> frame(RawHttp2.WINDOW_UPDATE, 0, 0, number(1)))),
        flood(
            "window updates on a stream",
            join(
                head(1, WHOLE), many(30_000, _ -> frame(RawHttp2.WINDOW_UPDATE, 0, 1, number(1))))),
        flood(
            "trailers without end",
            join(
                head(1, RawHttp2.END_HEADERS),
                many(5_000, _ -> frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, small)))));
  }

  private static Arguments flood(String name, byte[] frames) {
    return Arguments.of(name, frames, name.startsWith("large") ? PROTOCOL_ERROR : CALM);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void isCutOffWhileOthersAreServed(String name, byte[] frames, int code) throws Exception {
    try (Endpoint endpoint = slowOrNamed();
        Rig rig = Rig.before(endpoint);
        Others others = new Others(rig)) {
      Memory before = Memory.now();
      List<Thread> threads = new ArrayList<>();
      AtomicInteger cutOff = new AtomicInteger();
      List<Integer> codes = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < ATTACKERS; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  try (RawHttp2 attacker = new RawHttp2(rig.port)) {
                    Thread reader =
                        Thread.ofVirtual()
                            .start(() -> {
                              try {
                                codes.add(attacker.goAway());
                                cutOff.incrementAndGet();
                              } catch (IOException e) {
                                // not cut off in time
                              }
                            });
                    try {
                      attacker.raw(frames);
                    } catch (IOException e) {
                      // cut off while sending
                    }
                    reader.join();
                  } catch (IOException | InterruptedException e) {
                    // counted as not cut off
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(ATTACKERS, cutOff.get(), name + " was not cut off");
      // A reset overtakes the GOAWAY of one that this machine keeps from sending for seconds.
      codes.removeIf(each -> each == -1);
      Rig.until(
          "one heard why", () -> codes.addAll(heard(rig, frames, name.contains("continuations"))));
      assertEquals(Set.of(code), Set.copyOf(codes), name);
      others.mustHaveBeenServed();
      Rig.until("nothing is under way", () -> rig.candidates.getFirst().load().inFlight() == 0);
      before.mustNotHaveGrown(name);
      others.close();
      LoopTimes idle = LoopTimes.now();
      heard(rig, frames, name.contains("continuations"));
      long cost = idle.spentNanos();
      assertTrue(cost < 300_000_000L, name + " cost " + cost / 1_000_000 + " ms a connection");
    }
  }

  /// Closed with bytes unread, the connection would be reset, and that overtakes the GOAWAY.
  @Test
  void whoSendsOnAndOnHearsWhyItIsCutOff() throws Exception {
    byte[] pings = many(20_000, _ -> frame(RawHttp2.PING, 0, 0, new byte[8]));
    try (Endpoint endpoint = slowOrNamed();
        Rig rig = Rig.before(endpoint)) {
      // Again if this machine kept it from sending until the proxy had waited long enough.
      Rig.until(
          "it hears why, and then an end",
          () -> {
            try (RawHttp2 attacker = new RawHttp2(rig.port)) {
              for (int i = 0; i < 30; i++) {
                attacker.raw(pings);
              }
              return attacker.goAway() == CALM && attacker.socket.getInputStream().read() < 0;
            } catch (IOException e) {
              return false;
            }
          });
      Rig.until("it is forgotten", () -> rig.proxy.metrics().openConnections() == 0);
    }
  }

  /// What one more attacker heard; nothing if a reset overtook it.
  private static List<Integer> heard(Rig rig, byte[] frames, boolean block) {
    try {
      int code = inStep(rig, frames, block);
      return code == -1 ? List.of() : List.of(code);
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Sends a flood in steps that the proxy has read as a whole before the next, so that nothing
  /// overtakes what it says.
  ///
  /// @param block whether no other frame may come in between
  private static int inStep(Rig rig, byte[] frames, boolean block) throws IOException {
    try (RawHttp2 attacker = new RawHttp2(rig.port)) {
      ByteBuffer left = ByteBuffer.wrap(frames);
      while (left.hasRemaining()) {
        int end = left.position();
        for (int i = 0; i < (block ? 24 : 100) && end < frames.length; i++) {
          end += 9 + (left.getInt(end) >>> 8);
        }
        byte[] step = new byte[end - left.position()];
        left.get(step);
        attacker.raw(step);
        if (block) {
          return attacker.goAway();
        }
        attacker.frame(RawHttp2.PING, 0, 0, STEP);
        for (RawHttp2.Frame next = attacker.read(); ; next = attacker.read()) {
          if (next.type() == RawHttp2.GOAWAY) {
            return next.code();
          }
          if (next.type() == RawHttp2.PING && Arrays.equals(STEP, next.payload())) {
            break;
          }
        }
      }
      return -1;
    }
  }

  /// Answers wait in windows that never open: on all streams of many connections.
  @Test
  void windowsThatNeverOpenHoldLittle() throws Exception {
    byte[] block = new byte[64 << 10];
    AtomicLong sent = new AtomicLong();
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.contains(" /other ")) {
                c.send(Endpoint.ok("x"));
                return;
              }
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              while (true) {
                c.out().write(block);
                sent.addAndGet(block.length);
              }
            });
        Rig rig = new Rig(memory(12L << 20)).serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint))) {
      Memory before = Memory.now();
      List<RawHttp2> attackers = new ArrayList<>();
      try (Others others = new Others(rig)) {
        for (int i = 0; i < 6; i++) {
          RawHttp2 attacker = new RawHttp2(rig.port, 4, 0);
          attackers.add(attacker);
          for (int stream = 0; stream < 60; stream++) {
            attacker.open(true, RawHttp2.request("GET", "/large"));
          }
        }
        Rig.until(
            "all are asked for, or somebody was closed",
            () -> endpoint.heads.size() >= 360 || rig.proxy.metrics().sacrificedConnections() > 0);
        Rig.until(
            "somebody was closed, or all fit",
            () -> rig.proxy.metrics().sacrificedConnections() > 0 || Memory.pinned() < 6L << 20);
        others.mustHaveBeenServed();
        long held = Memory.pinned() - before.direct;
        assertTrue(held < 24L << 20, "held for them: " + held);
      } finally {
        for (RawHttp2 attacker : attackers) {
          attacker.close();
        }
      }
      Rig.until("it is given back", () -> Memory.pinned() - before.direct < 4L << 20);
    }
  }

  /// A small block that refers to a large field over and over.
  @Test
  void compressedHeadsThatGrowAreRefused() throws Exception {
    try (Endpoint endpoint = slowOrNamed();
        Rig rig = Rig.before(endpoint);
        Others others = new Others(rig)) {
      Memory before = Memory.now();
      for (int connection = 0; connection < 8; connection++) {
        try (RawHttp2 attacker = new RawHttp2(rig.port)) {
          byte[] literal = RawHttp2.block("x", "y".repeat(3_000));
          literal[0] = 0x40;
          byte[] references = new byte[12_000];
          Arrays.fill(references, (byte) (0x80 | 62));
          for (int stream = 1; stream < 40; stream += 2) {
            attacker.frame(
                RawHttp2.HEADERS,
                WHOLE,
                stream,
                join(
                    RawHttp2.block(RawHttp2.request("GET", "/bomb")),
                    stream == 1 ? literal : new byte[0],
                    references));
          }
          assertTrue(attacker.answer(1).status() == 431, "answered");
        } catch (IOException e) {
          // The connection was ended, which is as good.
        }
      }
      assertTrue(endpoint.heads.stream().noneMatch(head -> head.contains("/bomb")), "forwarded");
      others.mustHaveBeenServed();
      before.mustNotHaveGrown("bomb");
    }
  }

  private static BufferMemory memory(long most) {
    return new BufferMemory(PooledByteBufAllocator.DEFAULT::pinnedDirectMemory, most);
  }

  private static Endpoint slowOrNamed() throws IOException {
    return new Endpoint((head, c) -> {
      if (head.contains(" /other ")) {
        c.send(Endpoint.ok("x"));
      } else {
        c.read(1);
      }
    });
  }

  /// Processor time of each event loop.
  private record LoopTimes(Map<Long, Long> nanos) {
    static LoopTimes now() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      Map<Long, Long> nanos = new HashMap<>();
      for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
        if (thread != null && thread.getThreadName().contains("eventloop")) {
          nanos.put(thread.getThreadId(), threads.getThreadCpuTime(thread.getThreadId()));
        }
      }
      assertFalse(nanos.isEmpty());
      return new LoopTimes(nanos);
    }

    long spentNanos() {
      Map<Long, Long> now = now().nanos;
      return nanos.entrySet().stream()
          .mapToLong(
              before -> now.getOrDefault(before.getKey(), before.getValue()) - before.getValue())
          .sum();
    }
  }

  /// What is held at one time.
  private record Memory(long direct, long heap) {
    static Memory now() {
      return new Memory(pinned(), heapNow());
    }

    static long pinned() {
      return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    private static long heapNow() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    void mustNotHaveGrown(String by) {
      assertTrue(pinned() - direct < DIRECT, by + ": direct memory grew by " + (pinned() - direct));
      long grown = heapNow() - heap;
      assertTrue(grown < HEAP, by + ": the heap grew by " + grown);
    }
  }

  /// Somebody else, who asks again and again in HTTP/1.1.
  private static final class Others implements AutoCloseable {
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger served = new AtomicInteger();
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;

    Others(Rig rig) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                while (!done.get()) {
                  try (Client client = rig.client()) {
                    Client.Answer answer = client.get("/other");
                    if (answer.status() == 200) {
                      served.incrementAndGet();
                    } else {
                      failed.add(answer.head() + answer.body());
                    }
                  } catch (IOException e) {
                    failed.add(e.toString());
                  }
                }
              });
      Rig.until("somebody is served", () -> served.get() > 0);
    }

    void mustHaveBeenServed() {
      int already = served.get();
      Rig.until("somebody is served once more", () -> served.get() > already);
      // Requests of attackers may have taken the last free connection to the endpoint.
      assertTrue(failed.size() * 100 <= served.get(), () -> "others failed: " + failed);
    }

    @Override
    public void close() throws InterruptedException {
      done.set(true);
      thread.join();
    }
  }
}
