package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.relay.Relay;
import io.skein.proxy.relay.RelayEnd;
import io.skein.proxy.relay.RelayLimits;
import io.skein.proxy.relay.RelayWatch;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.overload.Step;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client's connection and an endpoint's after both switched to WebSocket (RFC 6455): bytes pass
/// as they are. Event loop only.
///
/// When the node drains, or is short of something, or the time is over that its service gives it,
/// the client is sent a close frame with 1001, "going away", where the endpoint's latest frame
/// ends; what the endpoint says afterwards goes nowhere, and the client's own close frame tells the
/// endpoint.
final class WebSocket implements ClientConnection, RelayWatch {
  /// Both sides silent for that long: reset. Most servers and clients ping within a minute.
  static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /// Between the close frame and the cut.
  static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// Under pressure those end that were silent for that long.
  static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 1001 >> 8, (byte) 1001};

  private final Worker worker;
  private final ListenerConfig listener;
  private final @Nullable PeerTrust peer;
  private final Http1Upstream upstream;
  private final Candidate candidate;
  private final RelayMetrics metrics;
  private final WebSocketFrames frames = new WebSocketFrames();
  private final Relay relay;
  private final Relays.Place place;
  private final long begunNanos = System.nanoTime();
  private Reason endsAs = Reason.OK;
  private boolean draining;
  private boolean closed;

  /// @param server what the client's connection was
  /// @param channel the endpoint's or peer's
  private WebSocket(
      Worker worker,
      Http1Server server,
      Http1Upstream upstream,
      Channel channel,
      Candidate candidate,
      String service,
      Relays.Place place) {
    this.worker = worker;
    this.listener = server.listener;
    this.peer = server.peer;
    this.upstream = upstream;
    this.candidate = candidate;
    this.place = place;
    this.metrics = worker.plane.metrics.relay(service, RelayMetrics.Kind.WEBSOCKET);
    this.relay = new Relay(server.channel, channel, limits(place.rules()), System.nanoTime(), this);
  }

  /// Takes over both connections, of which the handlers of HTTP are already removed but for their
  /// decoders.
  ///
  /// @param server what the client's connection was
  static void begin(
      Worker worker,
      Http1Server server,
      Http1Upstream upstream,
      Candidate candidate,
      String service,
      Relays.Place place) {
    Channel client = server.channel;
    Channel channel = upstream.leave();
    HalfClosure.allow(client);
    HalfClosure.allow(channel);
    WebSocket socket = new WebSocket(worker, server, upstream, channel, candidate, service, place);
    socket.metrics.started();
    candidate.load().dispatched();
    worker.add(socket);
    socket.relay.start(new ArrayDeque<>(), false, socket::pass);
    // What they hold of the bytes behind the heads goes to the relay.
    Http1RequestDecoder.leave(client.pipeline());
    channel.pipeline().remove(Http1ResponseDecoder.class);
    if (worker.plane.draining) {
      socket.drain();
    }
  }

  /// At the end of its life a WebSocket is told first, and cut off some time later.
  static RelayLimits limits(RelayRules rules) {
    long lifetime = rules.lifetimeNanos();
    return RelayLimits.of(
        rules.idleOr(IDLE_NANOS),
        rules.halfClosedNanos(),
        lifetime == 0 ? 0 : lifetime + FAREWELL_NANOS);
  }

  private ByteBuf pass(ByteBuf data) {
    if (closed) {
      data.release();
      return Unpooled.EMPTY_BUFFER;
    }
    int end = frames.follow(data, draining);
    if (!draining || !frames.between()) {
      return data;
    }
    closed = true;
    ByteBuf whole = data.readRetainedSlice(end - data.readerIndex());
    data.release();
    return Unpooled.wrappedBuffer(whole, Unpooled.wrappedBuffer(GOING_AWAY));
  }

  @Override
  public void tick(long nowNanos) {
    if (peer != null && peer.due(nowNanos) && !peer.holds(nowNanos)) {
      relay.cut();
      return;
    }
    long lifetime = place.rules().lifetimeNanos();
    if (lifetime > 0 && !draining && nowNanos - begunNanos > lifetime) {
      endsAs = Reason.EXPIRED;
      drain();
    }
    relay.tick(nowNanos);
  }

  @Override
  public boolean relieve(Step step, long nowNanos) {
    if (!step.includes(Step.SHED_DEFAULT)
        || draining
        || !place.expendable()
        || relay.silentNanos(nowNanos) < SILENT_NANOS) {
      return false;
    }
    endsAs = Reason.OVERLOADED;
    drain();
    return true;
  }

  @Override
  public void drain() {
    draining = true;
    if (frames.between() && !closed) {
      closed = true;
      relay.toClient(Unpooled.wrappedBuffer(GOING_AWAY));
    }
  }

  @Override
  public boolean cameBy(ListenerConfig other) {
    return listener == other;
  }

  @Override
  public void abort() {
    relay.cut();
  }

  @Override
  public void fromClient(int bytes) {
    metrics.received(bytes);
  }

  @Override
  public void fromEndpoint(int bytes) {
    metrics.sent(bytes);
  }

  @Override
  public void ended(RelayEnd how) {
    worker.remove(this);
    worker.plane.metrics.connectionClosed();
    candidate.load().abandoned();
    upstream.left();
    place.leave(worker.nowNanos);
    metrics.ended(
        switch (how) {
          case FINISHED -> endsAs;
          case CLIENT_RESET -> Reason.CLIENT_GONE;
          case ENDPOINT_RESET -> Reason.UPSTREAM_RESET;
          case IDLE -> Reason.IDLE;
          case EXPIRED -> Reason.EXPIRED;
          case CUT -> Reason.CUT;
        });
  }
}
