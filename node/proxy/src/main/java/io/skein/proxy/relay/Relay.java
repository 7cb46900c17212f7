package io.skein.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.Queue;
import java.util.function.UnaryOperator;

/// Passes bytes between a client and an endpoint, whose channels live on one event loop. Event loop
/// only.
///
/// - What one side does not take is not read from the other: in memory are at most the water mark
///   of each channel and one read.
/// - A side that has said all (FIN, or `close_notify` within TLS) may still listen: its end is
///   passed on when all before it was written, and the other direction goes on.
/// - A reset is passed on as a reset, and what ends too early for any other reason ends in one, so
///   that nobody takes a broken stream for a complete one. Only a side that had said all before it
///   broke leaves the other with a proper end: that one has got everything.
/// - A side that takes nothing any more may have said why: it is read to its end before the other
///   is reset. If it had said all, the other's words are for nobody: both are closed as soon as
///   that one has got everything.
///
/// Both channels need [HalfClosure#allow].
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
public final class Relay {
  private final Side client;
  private final Side endpoint;
  private final RelayWatch watch;
  private final RelayLimits limits;
  private final long begunNanos;
  private long sinceNanos;
  private boolean moved;
  private boolean over;

  /// @param limits looked at in [#tick]
  /// @param nowNanos monotonic now
  public Relay(
      Channel client, Channel endpoint, RelayLimits limits, long nowNanos, RelayWatch watch) {
    this.client = new Side(this, client, true);
    this.endpoint = new Side(this, endpoint, false);
    this.client.other = this.endpoint;
    this.endpoint.other = this.client;
    this.limits = limits;
    this.begunNanos = nowNanos;
    this.sinceNanos = nowNanos;
    this.watch = watch;
  }

  /// Begins: from now on the last handlers of both channels are this relay's.
  ///
  /// @param early what the client sent before; taken over
  /// @param clientEnded whether it said that this was all
  public void start(Queue<ByteBuf> early, boolean clientEnded) {
    start(early, clientEnded, UnaryOperator.identity());
  }

  /// The same.
  ///
  /// @param toClient takes over what the endpoint sent and returns what the client gets of it
  public void start(Queue<ByteBuf> early, boolean clientEnded, UnaryOperator<ByteBuf> toClient) {
    endpoint.filter = toClient;
    client.channel.pipeline().addLast(client);
    endpoint.channel.pipeline().addLast(endpoint);
    for (ByteBuf data; (data = early.poll()) != null; ) {
      client.take(data);
    }
    endpoint.channel.flush();
    if (clientEnded) {
      client.inputEnded();
    }
    endpoint.resume();
    client.resume();
    if (!client.channel.isActive()) {
      broke(client);
    } else if (!endpoint.channel.isActive()) {
      broke(endpoint);
    }
  }

  /// Ends it if both sides were silent for too long, or if it lasts for too long.
  public void tick(long nowNanos) {
    client.lookIfGone();
    endpoint.lookIfGone();
    if (moved) {
      moved = false;
      sinceNanos = nowNanos;
    } else if (nowNanos - sinceNanos
        > (client.ended || endpoint.ended ? limits.halfClosedNanos() : limits.idleNanos())) {
      end(RelayEnd.IDLE);
    }
    if (nowNanos - begunNanos > limits.lifetimeNanos()) {
      end(RelayEnd.EXPIRED);
    }
  }

  /// How long nothing has moved, as of the latest [#tick].
  public long silentNanos(long nowNanos) {
    return moved ? 0 : nowNanos - sinceNanos;
  }

  /// Sends the client something of our own, behind what it was sent before; takes it over.
  public void toClient(ByteBuf data) {
    if (over || client.shut) {
      data.release();
    } else {
      client.channel.writeAndFlush(data).addListener(client);
    }
  }

  /// Breaks both sides off.
  public void cut() {
    end(RelayEnd.CUT);
  }

  boolean over() {
    return over;
  }

  void moved() {
    moved = true;
  }

  void passed(Side from, int bytes) {
    moved = true;
    if (from.isClient) {
      watch.fromClient(bytes);
    } else {
      watch.fromEndpoint(bytes);
    }
  }

  /// A side is gone, or will never send again what can be trusted.
  void broke(Side side) {
    if (over || side.done()) {
      return;
    }
    if (side.ended && !side.broken) {
      left(side);
    } else {
      end(side.isClient ? RelayEnd.CLIENT_RESET : RelayEnd.ENDPOINT_RESET);
    }
  }

  /// A side that had said all is gone: nobody is left to hear the other.
  void left(Side side) {
    side.shut = true;
    side.other.ended = true;
    side.other.discard();
    side.closeIfDone();
    finishIfDone();
  }

  void finishIfDone() {
    if (!over && client.ended && endpoint.ended && client.shut && endpoint.shut) {
      over = true;
      client.channel.close();
      endpoint.channel.close();
      watch.ended(RelayEnd.FINISHED);
    }
  }

  private void end(RelayEnd how) {
    if (over) {
      return;
    }
    over = true;
    reset(client.channel);
    reset(endpoint.channel);
    watch.ended(how);
  }

  /// Closes a connection so that its other side does not take what it got for complete.
  public static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // Past any TLS: its close_notify would say that the stream is complete.
      channel.unsafe().close(channel.unsafe().voidPromise());
    }
  }
}
