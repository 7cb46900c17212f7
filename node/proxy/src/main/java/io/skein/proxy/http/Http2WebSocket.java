package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.relay.HalfClosure;
import io.skein.proxy.relay.Relay;
import io.skein.proxy.relay.RelayLimits;
import io.skein.proxy.resilience.Relays;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.overload.Step;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/// A client's stream in HTTP/2 and an endpoint's connection that both speak WebSocket (RFC 8441,
/// RFC 6455): bytes pass as they are, and whoever takes nothing is sent nothing. The end of one
/// side is passed on, a reset as a reset. When the node drains, the client is sent 1001 where the
/// endpoint's latest frame ends. Event loop only.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in exceptionCaught
final class Http2WebSocket extends ChannelInboundHandlerAdapter implements Sender {
  private static final String PROOF = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 1001 >> 8, (byte) 1001};

  private final Worker worker;
  private final Http2Downstream client;
  private final Http1Upstream upstream;
  private final Channel channel;
  private final Candidate candidate;
  private final RelayMetrics metrics;
  private final WebSocketFrames frames = new WebSocketFrames();
  private final Relays.Place place;
  private final RelayLimits limits;
  private final long begunNanos = System.nanoTime();
  private Reason endsAs = Reason.OK;
  private long movedNanos;
  private boolean clientEnded;
  private boolean endpointEnded;
  private boolean dirty;
  private boolean told;
  private boolean over;

  private Http2WebSocket(
      Worker worker,
      Http2Downstream client,
      Http1Upstream upstream,
      Channel channel,
      Candidate candidate,
      String service,
      Relays.Place place) {
    this.worker = worker;
    this.client = client;
    this.upstream = upstream;
    this.channel = channel;
    this.candidate = candidate;
    this.place = place;
    this.limits = WebSocket.limits(place.rules());
    this.metrics = worker.plane.metrics.relay(service, RelayMetrics.Kind.WEBSOCKET);
    this.movedNanos = worker.nowNanos;
  }

  /// Takes over the endpoint's connection, which has switched.
  static Http2WebSocket begin(
      Worker worker,
      Http2Downstream client,
      Http1Upstream upstream,
      Candidate candidate,
      String service,
      Relays.Place place) {
    Channel channel = upstream.leave();
    HalfClosure.allow(channel);
    Http2WebSocket socket =
        new Http2WebSocket(worker, client, upstream, channel, candidate, service, place);
    socket.metrics.started();
    candidate.load().dispatched();
    channel.pipeline().addLast(socket);
    channel.config().setAutoRead(true);
    // What it holds of the bytes behind the head comes here; not within the answer's own event.
    worker.loop.execute(() -> {
      if (channel.pipeline().get(Http1ResponseDecoder.class) != null) {
        channel.pipeline().remove(Http1ResponseDecoder.class);
      }
      worker.flush();
    });
    return socket;
  }

  /// A key that no client chose. It guards against caches, not against attackers (RFC 6455 §10.8).
  static String someKey() {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /// Whether an endpoint proved that it read the key.
  static boolean isAccepted(String key, ResponseFacts answer) {
    CharSequence proof = answer.fields.first("sec-websocket-accept");
    return answer.status == 101 && proof != null && proof(key).contentEquals(proof);
  }

  private static String proof(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + PROOF).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- from the client

  /// Bytes of the client that wait for the endpoint.
  long unsentBytes() {
    return BufferMemory.unsent(channel);
  }

  /// Passes on what the client sent; takes it over.
  ///
  /// @return whether no more may come until [Http2Downstream#giveBack]
  boolean fromClient(ByteBuf data, boolean last) {
    movedNanos = worker.nowNanos;
    if (over || clientEnded) {
      data.release();
      return false;
    }
    metrics.received(data.readableBytes());
    channel.write(data).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    if (!dirty) {
      dirty = true;
      worker.dirty.add(this);
    }
    if (last) {
      clientEnded = true;
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutOutput());
    }
    return !channel.isWritable();
  }

  private void shutOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
    finishIfDone();
  }

  @Override
  public void flush() {
    dirty = false;
    channel.flush();
  }

  void clientWritable(boolean writable) {
    movedNanos = worker.nowNanos;
    if (writable && !over) {
      channel.config().setAutoRead(true);
    }
  }

  /// The client's stream is closed, in whatever way.
  void clientClosed() {
    if (!over) {
      end(clientEnded && endpointEnded ? Reason.OK : Reason.CLIENT_GONE);
    }
  }

  // ---- from the endpoint

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    movedNanos = worker.nowNanos;
    if (!(msg instanceof ByteBuf data) || over || endpointEnded || told) {
      ReferenceCountUtil.release(msg);
      return;
    }
    metrics.sent(data.readableBytes());
    boolean draining = worker.plane.draining;
    int end = frames.follow(data, draining);
    if (draining && frames.between()) {
      told = true;
      client.body(data.readRetainedSlice(end - data.readerIndex()), false, Fields.NONE);
      data.release();
      client.body(Unpooled.wrappedBuffer(GOING_AWAY), false, Fields.NONE);
    } else {
      client.body(data, false, Fields.NONE);
    }
    if (!client.writable()) {
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    worker.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    movedNanos = worker.nowNanos;
    if (channel.isWritable()) {
      client.giveBack();
      worker.flush();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess())) {
      inputEnded();
    }
  }

  private void inputEnded() {
    if (!over && !endpointEnded) {
      endpointEnded = true;
      client.endWebSocket();
      finishIfDone();
      worker.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!over && !(clientEnded && endpointEnded)) {
      client.resetWebSocket(Http2Error.CANCEL);
      end(Reason.UPSTREAM_RESET);
      worker.flush();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  // ---- time, and the end

  void tick(long now) {
    long lifetime = place.rules().lifetimeNanos();
    if (worker.plane.draining) {
      tell(Reason.OK);
    } else if (lifetime > 0 && now - begunNanos > lifetime) {
      tell(Reason.EXPIRED);
    } else if (worker.plane.overload.includes(Step.SHED_DEFAULT)
        && place.expendable()
        && now - movedNanos > WebSocket.SILENT_NANOS) {
      tell(Reason.OVERLOADED);
    }
    boolean half = clientEnded || endpointEnded;
    if (now - movedNanos > (half ? limits.halfClosedNanos() : limits.idleNanos())) {
      client.resetWebSocket(Http2Error.CANCEL);
      end(Reason.IDLE);
    } else if (now - begunNanos > limits.lifetimeNanos()) {
      client.resetWebSocket(Http2Error.CANCEL);
      end(Reason.EXPIRED);
    }
  }

  /// Says 1001 between two frames.
  private void tell(Reason why) {
    if (!told && frames.between()) {
      told = true;
      endsAs = why;
      client.body(Unpooled.wrappedBuffer(GOING_AWAY), false, Fields.NONE);
    }
  }

  private void finishIfDone() {
    if (clientEnded && endpointEnded) {
      end(Reason.OK);
    }
  }

  private void end(Reason reason) {
    if (over) {
      return;
    }
    over = true;
    if (reason == Reason.OK) {
      channel.close();
    } else {
      Relay.reset(channel);
    }
    candidate.load().abandoned();
    upstream.left();
    place.leave(worker.nowNanos);
    metrics.ended(reason == Reason.OK ? endsAs : reason);
  }
}
