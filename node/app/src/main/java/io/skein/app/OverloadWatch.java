package io.skein.app;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import io.skein.api.view.ReadyCheck;
import io.skein.healing.signal.Shedding;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.tcp.TcpServer;
import io.skein.routing.overload.Ladder;
import io.skein.routing.overload.OverloadConfig;
import io.skein.routing.overload.Step;
import io.vertx.core.Vertx;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches what this node may run out of, and has the proxy give up service before it does. Looks
/// four times a second; any thread may ask what it saw.
///
/// | resource | pressure 1 means |
/// |---|---|
/// | `heap` | what the latest garbage collection left is the whole heap |
/// | `direct` | live buffers take all direct memory there may be; what the allocator keeps for reuse does not count, as it never gives it back |
/// | `lag` | for a second every event loop's worst delay was 2 s |
/// | `connections` | as many client connections of HTTP, or of the others, as may be; counts only up to the first step: one that has its connection is to be served |
///
/// The highest pressure decides: see [Ladder].
final class OverloadWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);
  private static final long LOOK_MILLIS = 250;
  private static final double WORST_LAG_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int LOOKS = 4;

  private final ProxyServer proxy;
  private final TcpServer streams;
  private final OverloadConfig config;
  private final Ladder ladder;
  private final Vertx vertx;
  private final double[] lags = new double[LOOKS];
  private final NotificationListener collections = this::collected;
  private int look;
  private volatile double heap;
  private volatile Seen seen = new Seen(Step.NONE, Map.of(), "");
  private long timer = -1;

  /// What was seen at the latest look.
  ///
  /// @param step what is given up
  /// @param pressures by resource, from 0
  /// @param highest the resource whose pressure is the highest
  record Seen(Step step, Map<String, Double> pressures, String highest) {
    double pressure(String resource) {
      return pressures.getOrDefault(resource, 0.0);
    }
  }

  /// The resources that are watched.
  static final Iterable<String> RESOURCES =
      java.util.List.of("heap", "direct", "lag", "connections");

  OverloadWatch(Vertx vertx, ProxyServer proxy, TcpServer streams, OverloadConfig config) {
    this.vertx = vertx;
    this.proxy = proxy;
    this.streams = streams;
    this.config = config;
    this.ladder = new Ladder(config);
  }

  void start() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(collections, null, null);
      }
    }
    timer = vertx.setPeriodic(LOOK_MILLIS, _ -> look());
  }

  private void collected(Notification notification, Object handback) {
    if (notification.getUserData() instanceof CompositeData data
        && notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      long used = 0;
      for (Map.Entry<String, MemoryUsage> pool :
          GarbageCollectionNotificationInfo.from(data)
              .getGcInfo()
              .getMemoryUsageAfterGc()
              .entrySet()) {
        if (inHeap(pool.getKey())) {
          used += pool.getValue().getUsed();
        }
      }
      heap = (double) used / Runtime.getRuntime().maxMemory();
    }
  }

  private static boolean inHeap(String pool) {
    String name = pool.toLowerCase(Locale.ROOT);
    return !name.contains("metaspace") && !name.contains("code") && !name.contains("class space");
  }

  private void look() {
    lags[look++ % LOOKS] = proxy.lagNanos() / WORST_LAG_NANOS;
    double lag = lags[0];
    for (double each : lags) {
      lag = Math.min(lag, each);
    }
    long most = PlatformDependent.maxDirectMemory();
    Map<String, Double> pressures = new LinkedHashMap<>();
    pressures.put("heap", heap);
    pressures.put(
        "direct",
        most <= 0 ? 0 : (double) PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() / most);
    pressures.put("lag", lag);
    pressures.put(
        "connections",
        Math.min(
            Math.max(proxy.connectionsShare(), streams.connectionsShare()),
            Math.nextDown(config.shedSheddable())));
    apply(pressures);
  }

  private void apply(Map<String, Double> pressures) {
    String highest = "";
    double pressure = 0;
    for (Map.Entry<String, Double> each : pressures.entrySet()) {
      if (each.getValue() >= pressure) {
        pressure = each.getValue();
        highest = each.getKey();
      }
    }
    Step before = ladder.step();
    Step now = ladder.at(pressure);
    seen = new Seen(now, Map.copyOf(pressures), highest);
    if (now != before) {
      proxy.overload(now);
      streams.overload(now);
      LOG.atInfo()
          .addKeyValue("resource", highest)
          .addKeyValue("pressure", Math.round(pressure * 100) / 100.0)
          .log("overload: {} after {}", now.word(), before.word());
    }
  }

  /// What was seen at the latest look. Any thread.
  Seen seen() {
    return seen;
  }

  /// What was given up at the latest look, for the healer. Any thread.
  Shedding shedding() {
    Seen now = seen;
    return new Shedding(
        now.step().includes(Step.SHED_SHEDDABLE),
        now.step().word(),
        now.highest(),
        now.pressure(now.highest()));
  }

  /// Whether the node is ready as far as this is concerned.
  ReadyCheck readiness() {
    Seen now = seen;
    boolean ok = !now.step().includes(Step.SHED_DEFAULT);
    return new ReadyCheck(
        "overload",
        ok,
        now.step() == Step.NONE
            ? "none"
            : now.step().word()
                + ": "
                + now.highest()
                + " at "
                + Math.round(now.pressure(now.highest()) * 100)
                + " %");
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        try {
          emitter.removeNotificationListener(collections);
        } catch (ListenerNotFoundException _) {
          // It was never there.
        }
      }
    }
  }
}
