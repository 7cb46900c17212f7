package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.resolver.AddressResolverGroup;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tls.ClientTls;
import io.skein.proxy.trace.Tracer;
import io.skein.routing.overload.Step;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What all event loops of a proxy share; read-only but for limits and a few switches.
final class Plane {
  volatile ProxyConfig config;
  final Supplier<RouteTable> routes;
  final Outcomes outcomes;
  final AccessLog log;
  final ReceiptRings receipts;
  final ConnectionCounts connections = new ConnectionCounts();
  final ProxyMetrics metrics = new ProxyMetrics();
  final ClientTls tls = new ClientTls();
  final BufferMemory memory;
  final ChannelFactory<? extends Channel> channels;
  final AddressResolverGroup<InetSocketAddress> resolver;

  /// Numbers for event loops.
  final AtomicInteger stripes = new AtomicInteger();

  /// The latest any event loop came to its tick since somebody asked.
  final LongAccumulator lagNanos = new LongAccumulator(Math::max, 0);

  /// Answers say that their connections end.
  volatile boolean draining;

  /// No new connection is taken and no idle one kept.
  volatile boolean closing;

  /// Header fields that no client may send, because listeners set them.
  volatile String[] ownFields = {};

  volatile Tracer tracer = Tracer.OFF;

  volatile Step overload = Step.NONE;

  volatile @Nullable PeerSide peers;
  volatile @Nullable Tunnels tunnels;

  /// Whether connections of clients close after the answer that is under way.
  boolean hangsUp() {
    return draining || overload.includes(Step.NO_KEEP_ALIVE);
  }

  /// How peers are dialled.
  ///
  /// @param askAgainNanos how often the trust in a connected peer is asked for
  record PeerSide(PeerClientTls tls, long askAgainNanos) {}

  Plane(
      ProxyConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts,
      BufferMemory memory,
      ChannelFactory<? extends Channel> channels,
      AddressResolverGroup<InetSocketAddress> resolver) {
    this.config = config;
    this.routes = routes;
    this.outcomes = outcomes;
    this.log = log;
    this.receipts = receipts;
    this.memory = memory;
    this.channels = channels;
    this.resolver = resolver;
  }

  /// No client may send that header field from now on.
  synchronized void own(String field) {
    if (Arrays.asList(ownFields).contains(field)) {
      return;
    }
    String[] more = Arrays.copyOf(ownFields, ownFields.length + 1);
    more[ownFields.length] = field;
    ownFields = more;
  }
}
