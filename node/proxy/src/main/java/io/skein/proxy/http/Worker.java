package io.skein.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.proxy.route.Target;
import io.skein.routing.overload.Step;
import io.skein.routing.predict.SampleRing;
import io.skein.routing.predict.ServiceClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The proxy's share of one event loop: its connections, its pools, its clock. Touched by that loop
/// only.
///
/// Deadlines are not timers. Every 50 ms the loop looks at each connection's dates: two comparisons
/// a connection instead of arming and disarming timers with every request.
final class Worker {
  private static final long TICK_MILLIS = 50;

  /// From one look at all dates to the next.
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Connections that a tick ends under pressure, the eldest first: all at once would come back all
  /// at once.
  private static final int MOST_RELIEVED = 16;

  /// Under pressure, connections end that were without a request for that long.
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  final Plane plane;
  final EventLoop loop;
  final HeadBuffer head = new HeadBuffer();
  final Gzips gzips = new Gzips();
  final Http2Head http2Head = new Http2Head();
  final PlainHead plain = new PlainHead();
  final Http1Downstreams downstreams;
  final Origins origins;

  /// Where the fields of an answer of our own are put together.
  final Fields problem = new Fields();

  final SplittableRandom random = new SplittableRandom();
  final @Nullable ReceiptRing receipts;

  /// Another number for each event loop, from 0 on.
  final int stripe;

  final List<Sender> dirty = new ArrayList<>();

  /// Copies of requests under way.
  int mirrors;

  /// Monotonic time of the latest tick.
  long nowNanos = System.nanoTime();

  /// Requests that this loop was late to read.
  final Arrears arrears;

  private @Nullable SampleRing samples;
  private long explainedNanos = nowNanos - Debugging.PAUSE_NANOS;

  private final Map<Target, UpstreamPool> pools = new HashMap<>();
  private final LinkedHashSet<ClientConnection> clients = new LinkedHashSet<>();
  private final ScheduledFuture<?> ticks;
  private int numbers;

  Worker(Plane plane, EventLoop loop) {
    this.plane = plane;
    this.loop = loop;
    this.downstreams = new Http1Downstreams(this);
    this.origins = new Origins(plane);
    this.arrears = new Arrears(this);
    this.receipts = plane.receipts.open().orElse(null);
    this.stripe = plane.stripes.getAndIncrement();
    this.ticks =
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Whether a choice may be explained now; if so, the next may be a little later.
  boolean explains(long now) {
    if (now - explainedNanos < Debugging.PAUSE_NANOS) {
      return false;
    }
    explainedNanos = now;
    return true;
  }

  /// Another number for each connection, for a long time.
  int number() {
    return numbers++;
  }

  void add(ClientConnection client) {
    clients.add(client);
  }

  boolean remove(ClientConnection client) {
    return clients.remove(client);
  }

  int clients() {
    return clients.size();
  }

  /// Where what requests took is written for those who learn from it.
  SampleRing samples(ServiceClasses classes) {
    SampleRing ring = samples;
    if (ring == null) {
      ring = classes.learner().open();
      samples = ring;
    }
    return ring;
  }

  UpstreamPool pool(Target target) {
    UpstreamPool pool = pools.get(target);
    if (pool == null) {
      pool = new UpstreamPool(this, target);
      pools.put(target, pool);
    }
    return pool;
  }

  /// Sends what was written since the last flush. Called at the end of every event.
  void flush() {
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flush();
    }
    dirty.clear();
  }

  /// Tells clients that the node is about to drain.
  void notice() {
    List.copyOf(clients).forEach(ClientConnection::notice);
  }

  /// Ends the connections that came by a listener, as each can be ended.
  void dismiss(ListenerConfig listener) {
    for (ClientConnection client : clients.toArray(new ClientConnection[0])) {
      if (client.cameBy(listener)) {
        client.dismiss();
      }
    }
    flush();
  }

  /// Ends all connections, as each can be ended.
  void dismissAll() {
    for (ClientConnection client : clients.toArray(new ClientConnection[0])) {
      client.dismiss();
    }
    flush();
  }

  /// Closes the connections that came by a listener.
  void cut(ListenerConfig listener) {
    for (ClientConnection client : clients.toArray(new ClientConnection[0])) {
      if (client.cameBy(listener)) {
        client.abort();
      }
    }
  }

  /// Closes connections without a request; those with one close after their answer.
  void drain() {
    List.copyOf(clients).forEach(ClientConnection::drain);
  }

  /// Closes everything now.
  void stop() {
    List.copyOf(clients).forEach(ClientConnection::abort);
    pools.values().forEach(UpstreamPool::closeIdle);
    gzips.end();
    ticks.cancel(false);
  }

  private void tick() {
    long now = System.nanoTime();
    plane.lagNanos.accumulate(now - nowNanos - TICK_NANOS);
    nowNanos = now;
    plane.memory.look(now);
    // A copy, because a deadline that fires closes connections.
    Step step = plane.overload;
    int relieved = step == Step.NONE ? MOST_RELIEVED : 0;
    for (ClientConnection client : clients.toArray(new ClientConnection[0])) {
      client.tick(nowNanos);
      if (relieved < MOST_RELIEVED && client.relieve(step, nowNanos)) {
        relieved++;
      }
    }
    pools.values().removeIf(pool -> pool.tick(nowNanos));
    if (plane.memory.level() == BufferMemory.Level.SHORT) {
      closeStalled();
    }
    flush();
  }

  /// Makes room: of the clients that have taken nothing for a second, a sixteenth and one more are
  /// closed, those that stood longest first.
  private void closeStalled() {
    List<ClientConnection> stalled = new ArrayList<>();
    for (ClientConnection client : clients) {
      if (client.stalledNanos(nowNanos) > STALLED_NANOS) {
        stalled.add(client);
      }
    }
    int many = Math.min(stalled.size(), stalled.size() / 16 + 1);
    stalled.sort(
        Comparator.comparingLong((ClientConnection client) -> client.stalledNanos(nowNanos))
            .reversed());
    for (ClientConnection client : stalled.subList(0, many)) {
      client.sacrifice();
      plane.metrics.connectionSacrificed();
    }
  }
}
