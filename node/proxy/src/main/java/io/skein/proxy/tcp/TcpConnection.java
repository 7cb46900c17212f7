package io.skein.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.skein.proxy.metrics.RelayMetrics.Kind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.prelude.Ends;
import io.skein.proxy.relay.Relay;
import io.skein.proxy.relay.RelayEnd;
import io.skein.proxy.relay.RelayLimits;
import io.skein.proxy.relay.RelayWatch;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// One client connection from accept to end. Event loop only.
///
/// | phase | meaning | what ends it |
/// |---|---|---|
/// | opening | PROXY header, ClientHello or TLS handshake are awaited | they are there; malformed or late: closed |
/// | dialling | [TcpGuard] lets it in; an endpoint is chosen and connected | connection; its failure: another endpoint as the service's rules and budget say, then reset |
/// | relaying | see [Relay] | both ends, a reset, silence |
///
/// Nothing is read from the client while an endpoint is dialled; what came with its opening is
/// kept, at most one read.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends in channelInactive too
final class TcpConnection extends ChannelInboundHandlerAdapter
    implements RelayWatch, TcpDial.Waiting {
  /// RFC 8446 §6: a fatal alert `unrecognized_name` in the record layer of TLS 1.2.
  private static final byte[] UNRECOGNIZED_NAME = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70};

  private final TcpLoop loop;
  private final Channel client;
  private final TcpListener listener;
  private final TcpAccount account;
  private final TcpGuard guard;
  private final LongPredicate distrusted;
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
  private String asked = "";
  private boolean clientEnded;
  private boolean over;
  private @Nullable ServiceRoute route;
  private @Nullable TcpDial dial;
  private @Nullable Relay relay;
  private @Nullable SslHandler peerTls;
  private long askedNanos;
  private long connectedNanos;
  private Reason cutFor = Reason.CUT;

  /// @param distrusted whether to break off because the client is a peer that is no longer trusted
  TcpConnection(TcpLoop loop, Channel client, TcpListener listener, LongPredicate distrusted) {
    this.distrusted = distrusted;
    this.loop = loop;
    this.client = client;
    this.listener = listener;
    Kind kind = listener.mode() instanceof TcpListener.Passthrough ? Kind.PASSTHROUGH : Kind.TCP;
    this.account = new TcpAccount(loop, listener.name(), kind);
    this.guard = new TcpGuard(loop);
    loop.add(this);
    loop.plane.metrics().connectionOpened();
  }

  boolean cameBy(TcpListener which) {
    return listener == which;
  }

  /// Adds what reads the connection's own bytes.
  void install() {
    switch (listener.mode()) {
      case TcpListener.Plain _ -> client.pipeline().addLast(this);
      case TcpListener.Tunnelled _ -> client.pipeline().addLast(this);
      case TcpListener.Terminated mode -> client.pipeline().addLast(mode.tls().newHandler(), this);
      case TcpListener.Passthrough _ ->
          client.pipeline().addLast(new SniRoute(this, loop.plane), this);
    }
  }

  // ---- opening

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (listener.mode() instanceof TcpListener.Plain mode) {
      begin(mode.service());
    } else if (listener.mode() instanceof TcpListener.Tunnelled) {
      begin(Ends.service(client));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> clientEnded = true;
      case SslCloseCompletionEvent _ -> clientEnded = true;
      case SniCompletionEvent sni when sni.isSuccess() ->
          asked = sni.hostname() == null ? "" : sni.hostname();
      case SslCompletionEvent failed when !failed.isSuccess() -> {
        finish(Reason.BAD_OPENING, false);
        // Behind the alert that says why.
        client.close();
      }
      case SslHandshakeCompletionEvent _
          when listener.mode() instanceof TcpListener.Terminated mode && route == null ->
          begin(mode.service());
      default -> {}
    }
    if (clientEnded && route == null) {
      finish(Reason.CLIENT_GONE, true);
    }
  }

  private void begin(String service) {
    Optional<ServiceRoute> found = loop.plane.routes().get().service(service);
    if (found.isPresent()) {
      begin(found.get(), asked);
    } else {
      finish(Reason.NO_SERVICE, true);
    }
  }

  /// The connection is for `found`.
  ///
  /// @param name what the client asked for, if anything
  void begin(ServiceRoute found, String name) {
    if (over) {
      return;
    }
    client.config().setAutoRead(false);
    route = found;
    asked = name;
    account.enter(found.service(), name);
    long now = System.nanoTime();
    Reason refused = guard.enter(found, tunnelled(), Ends.of(client).client(), now);
    if (refused != null) {
      finish(refused, true);
      return;
    }
    found.retries().request(now);
    dial(found, choose(found, now));
  }

  /// No PROXY header, or not from where it may come.
  void refuse() {
    finish(Reason.BAD_OPENING, true);
  }

  /// No service has that name.
  void refuseName(String name) {
    asked = name;
    client
        .writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME))
        .addListener(ChannelFutureListener.CLOSE);
    finish(Reason.NO_SERVICE, false);
  }

  // ---- dialling

  private Decision choose(ServiceRoute from, long nowNanos) {
    return guard.choose(from, mayForward(), nowNanos);
  }

  private boolean mayForward() {
    return !tunnelled() && loop.plane.peers().get().isPresent();
  }

  private boolean tunnelled() {
    return listener.mode() instanceof TcpListener.Tunnelled;
  }

  private void dial(ServiceRoute to, Decision decision) {
    switch (decision) {
      case Decision.Chosen chosen -> dial(to, chosen.candidate());
      case Decision.NoneAvailable none -> finish(Reason.of(none), true);
    }
  }

  private void dial(ServiceRoute to, Candidate candidate) {
    account.trying(candidate);
    guard.begins(candidate);
    Target target = to.targets().get(candidate.id());
    if (target == null || (target instanceof Target.PeerTarget && !mayForward())) {
      guard.notTrying();
      failed(Breaker.End.FAILED, Reason.CONNECT_FAILED);
    } else if (guard.trying(to, target, System.nanoTime())) {
      dial = new TcpDial(loop, to, target, candidate.id(), Ends.of(client), this);
    } else {
      failed(Breaker.End.UNKNOWN, Reason.UPSTREAM_FULL);
    }
  }

  @Override
  public void connectFailed() {
    dial = null;
    failed(Breaker.End.FAILED, Reason.CONNECT_FAILED);
  }

  /// Tries elsewhere, as the service's rules and budget say. A first retry does not wait.
  private void failed(Breaker.End end, Reason reason) {
    long now = System.nanoTime();
    guard.failed(end, now);
    account.connectFailed(end == Breaker.End.FAILED);
    ServiceRoute from = route;
    if (from == null || !mayRepeat(from.resilience().retries(), from.retries(), now)) {
      finish(reason, true);
      return;
    }
    if (!(choose(from, now) instanceof Decision.Chosen other)) {
      from.retries().giveBack(now);
      finish(reason, true);
      return;
    }
    int tries = account.tries();
    long wait =
        tries == 1 ? 0 : from.resilience().retries().backoff().waitNanos(tries, loop.random);
    if (wait == 0) {
      dial(from, other.candidate());
    } else {
      loop.loop.schedule(() -> dialLater(from, other.candidate()), wait, TimeUnit.NANOSECONDS);
    }
  }

  private boolean mayRepeat(RetryRules rules, RetryBudget budget, long nowNanos) {
    return !over && rules.connect() && account.tries() < rules.tries() && budget.tryRetry(nowNanos);
  }

  private void dialLater(ServiceRoute to, Candidate candidate) {
    if (!over) {
      dial(to, candidate);
    }
  }

  // ---- relaying

  @Override
  public void connected(TcpDial dialled, Channel channel, String served) {
    dial = null;
    account.connected(served);
    connectedNanos = System.nanoTime();
    guard.connected(connectedNanos);
    loop.plane.metrics().upstreamOpened();
    if (tunnelled()) {
      client.write(Tunnel.connected(served));
    }
    if (dialled.toPeer()) {
      peerTls = channel.pipeline().get(SslHandler.class);
      askedNanos = connectedNanos;
    }
    Relay begun = new Relay(client, channel, limits(), connectedNanos, this);
    relay = begun;
    client.pipeline().remove(this);
    begun.start(early, clientEnded);
    dialled.leave();
    client.flush();
  }

  private RelayLimits limits() {
    RelayRules rules = guard.rules();
    return RelayLimits.of(
        rules.idleOr(listener.idle().toNanos()), rules.halfClosedNanos(), rules.lifetimeNanos());
  }

  @Override
  public void fromClient(int bytes) {
    account.received(bytes);
  }

  @Override
  public void fromEndpoint(int bytes) {
    if (account.sent(bytes)) {
      guard.well(System.nanoTime());
    }
  }

  @Override
  public void ended(RelayEnd how) {
    loop.plane.metrics().upstreamClosed();
    over(
        switch (how) {
          case FINISHED -> account.tries() > 1 ? Reason.RETRY_OK : Reason.OK;
          case CLIENT_RESET -> Reason.CLIENT_GONE;
          case ENDPOINT_RESET -> Reason.UPSTREAM_RESET;
          case IDLE -> Reason.IDLE;
          case EXPIRED -> Reason.EXPIRED;
          case CUT -> cutFor;
        });
  }

  // ---- before the relay stands

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!over && msg instanceof ByteBuf data) {
      early.add(data);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    finish(Reason.CLIENT_GONE, false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    finish(route == null ? Reason.BAD_OPENING : Reason.CLIENT_GONE, true);
  }

  void tick(long nowNanos) {
    if (distrusted.test(nowNanos) || peerLost(nowNanos)) {
      cut();
    } else if (relay != null) {
      guard.tick(connectedNanos, nowNanos);
      relay.tick(nowNanos);
    }
  }

  /// Gives the connection up under pressure, if it is silent.
  ///
  /// @return whether it was
  boolean relieve(long silentNanos, long nowNanos) {
    Relay its = relay;
    if (its == null || !guard.expendable() || its.silentNanos(nowNanos) < silentNanos) {
      return false;
    }
    cutFor = Reason.OVERLOADED;
    its.cut();
    return true;
  }

  /// Trust in a peer may end while a tunnel to it stands.
  private boolean peerLost(long nowNanos) {
    Optional<Tunnel.Peers> peers = loop.plane.peers().get();
    SslHandler tls = peerTls;
    if (tls == null || peers.isEmpty() || nowNanos - askedNanos < peers.get().askAgainNanos()) {
      return false;
    }
    askedNanos = nowNanos;
    return !peers.get().tls().trusts(tls.engine());
  }

  /// Breaks it off.
  void cut() {
    if (relay != null) {
      relay.cut();
    } else {
      finish(Reason.CUT, true);
    }
  }

  private void finish(Reason reason, boolean reset) {
    if (over || relay != null) {
      return;
    }
    if (route == null) {
      account.enter("", asked);
    }
    if (dial != null) {
      dial.cancel();
    }
    if (reset && tunnelled() && route != null) {
      client.writeAndFlush(Tunnel.refused(reason.token())).addListener(ChannelFutureListener.CLOSE);
    } else if (reset) {
      Relay.reset(client);
    }
    over(reason);
  }

  private void over(Reason reason) {
    over = true;
    guard.over(reason == Reason.UPSTREAM_RESET, System.nanoTime());
    account.end(reason);
    account.note(reason, Ends.of(client).client());
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    loop.plane.metrics().connectionClosed();
    loop.remove(this);
  }
}
