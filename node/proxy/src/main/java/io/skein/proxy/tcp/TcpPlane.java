package io.skein.proxy.tcp;

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
import io.skein.routing.overload.Step;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// What all event loops share; immutable but for how peers are dialled and what is given up.
record TcpPlane(
    TcpConfig config,
    Supplier<RouteTable> routes,
    Outcomes outcomes,
    AccessLog log,
    ReceiptRings receipts,
    ProxyMetrics metrics,
    ClientTls tls,
    ConnectionCounts connections,
    AtomicReference<Step> overload,
    AtomicReference<Optional<Tunnel.Peers>> peers,
    ChannelFactory<? extends Channel> channels,
    AddressResolverGroup<InetSocketAddress> resolver) {}
