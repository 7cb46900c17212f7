package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.entrance.Listeners;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tls.ClientTls;
import io.skein.proxy.trace.Tracer;
import io.skein.routing.overload.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reverse proxy for HTTP/1.1 and HTTP/2 (RFC 9110, RFC 9112, RFC 9113). Any thread may call its
/// methods; requests live on Vert.x event loops, each on one from its first byte to its last, with
/// a connection pool per loop, so that nothing on a request's way is shared or locked.
///
/// The codec is Netty's on Vert.x' own loops and transport, beneath Vert.x' HTTP classes: a proxy
/// needs trailers, 1xx answers, truncation and back-pressure exactly as they are on the wire.
public final class ProxyServer {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  private final VertxInternal vertx;
  private final Plane plane;
  private final ConcurrentHashMap<EventLoop, Worker> workers = new ConcurrentHashMap<>();
  private final Listeners listeners;
  private final Set<ListenerConfig> dismissed =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  /// @param vertx whose event loops serve; its transport (native epoll if preferred there) is used
  /// @param routes the table of the moment; asked once a request, must not block
  /// @param outcomes hears how every try ended
  /// @param log takes a line a request, if on
  /// @param receipts take a receipt a request, if on
  public ProxyServer(
      Vertx vertx,
      ProxyConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts) {
    this(vertx, config, routes, outcomes, log, receipts, BufferMemory.ofProcess());
  }

  ProxyServer(
      Vertx vertx,
      ProxyConfig config,
      Supplier<RouteTable> routes,
      Outcomes outcomes,
      AccessLog log,
      ReceiptRings receipts,
      BufferMemory memory) {
    this.vertx = (VertxInternal) vertx;
    this.listeners =
        new Listeners(this.vertx, config.maxConnections(), config.guards().connectionsPerAddress());
    this.plane =
        new Plane(
            config,
            routes,
            outcomes,
            log,
            receipts,
            memory,
            this.vertx.transport().channelFactory(false),
            this.vertx.nameResolver().nettyAddressResolverGroup());
  }

  /// Requests are traced by this from now on.
  public void trace(Tracer tracer) {
    plane.tracer = tracer;
  }

  /// The proxy's counters.
  public ProxyMetrics metrics() {
    return plane.metrics;
  }

  /// How late the latest event loop came to its clock since the last call, in nanoseconds.
  public long lagNanos() {
    return plane.lagNanos.getThenReset();
  }

  /// Client connections open now, as a share of those that may be.
  public double connectionsShare() {
    return listeners.share();
  }

  /// What is given up from now on, until this is called again.
  public void overload(Step step) {
    plane.overload = step;
    listeners.overload(step);
  }

  /// How many connections there are to each endpoint.
  public ConnectionCounts connections() {
    return plane.connections;
  }

  /// Opens a public listener.
  ///
  /// @return the bound port; fails with [BindFailed]
  public Future<Integer> listen(ListenerConfig listener) {
    if (!listener.clientHeader().isEmpty()) {
      plane.own(listener.clientHeader());
    }
    return listeners.bind(listener.name(), listener.host(), listener.port(), taker(listener));
  }

  /// What takes the connections that somebody else accepts for a listener.
  public Consumer<Channel> taker(ListenerConfig listener) {
    Consumer<Channel> begin = opened -> begin(opened, listener);
    return channel -> {
      if (admit(channel)) {
        Opening.install(channel, plane.metrics, listener, begin);
      }
    };
  }

  /// Ends the connections that came by a listener, as it was given to [#taker]: what is under way
  /// is answered, every answer ends its connection, clients of HTTP/2 and WebSocket are told at
  /// once, and what is left after `limit` is closed. Idle connections of HTTP/1.1 stay that long,
  /// because nobody can know whether a request is on its way.
  ///
  /// @return complete once every connection knows
  public Future<Void> dismiss(ListenerConfig listener, Duration limit) {
    dismissed.add(listener);
    List<Future<?>> telling = new ArrayList<>();
    for (Worker worker : workers.values()) {
      Promise<Void> told = Promise.promise();
      worker.loop.execute(() -> {
        worker.dismiss(listener);
        told.complete();
      });
      telling.add(told.future());
    }
    vertx.setTimer(
        Math.max(1, limit.toMillis()),
        _ -> {
          workers.values().forEach(worker -> worker.loop.execute(() -> worker.cut(listener)));
          dismissed.remove(listener);
        });
    return Future.join(telling).mapEmpty();
  }

  /// What clients may do from now on; connections keep what depends on their opening.
  public void limit(ProxyConfig config) {
    plane.config = config;
    listeners.limit(config.maxConnections(), config.guards().connectionsPerAddress());
  }

  /// Header fields that no client may send from now on, because listeners set them.
  public void own(List<String> fields) {
    plane.ownFields = fields.toArray(new String[0]);
  }

  /// How TLS is spoken to endpoints.
  public ClientTls endpointTls() {
    return plane.tls;
  }

  /// Hands connections of peers that carry bytes to `taker` from now on; without one they get HTTP.
  public void tunnels(Tunnels taker) {
    plane.tunnels = taker;
  }

  /// Opens the listener where peers forward requests to us: TLS 1.3, a trusted client certificate
  /// is required, `Skein-Service` names the service, and nothing is ever forwarded to a peer again.
  /// Peers are dialled with the same identity from now on. A peer that is no longer trusted is cut
  /// off within 5 s, whoever dialled; sessions it may resume do not help it.
  ///
  /// @return the bound port; fails with [BindFailed], or [IllegalArgumentException] if the identity
  ///   is unusable
  public Future<Integer> listenMesh(String host, int port, MeshTls identity) {
    return listenMesh(host, port, identity, ASK_AGAIN);
  }

  /// @param askAgain how often the trust in a connected peer is asked for
  Future<Integer> listenMesh(String host, int port, MeshTls identity, Duration askAgain) {
    PeerServerTls sessions;
    try {
      sessions = new PeerServerTls(identity, System.nanoTime());
      dialPeersAs(identity, askAgain);
    } catch (SSLException e) {
      return Future.failedFuture(new IllegalArgumentException("mesh identity: " + e, e));
    }
    return listeners.bind(
        "mesh",
        host,
        port,
        channel -> {
          SSLContext context = sessions.context(System.nanoTime());
          SslHandler tls = new SslHandler(PeerServerTls.engine(context));
          channel.pipeline().addLast(tls);
          if (admit(channel)) {
            Protocols.mesh(
                worker(channel),
                channel,
                new PeerTrust(
                    identity.trust(),
                    tls.engine(),
                    askAgain.toNanos(),
                    nowNanos -> sessions.retire(context, nowNanos)));
          }
        });
  }

  private void dialPeersAs(MeshTls identity, Duration askAgain) throws SSLException {
    plane.peers = new Plane.PeerSide(PeerClientTls.forRequests(identity), askAgain.toNanos());
  }

  /// Counts a connection, or closes it because there are too many, or its client has left already.
  private boolean admit(Channel channel) {
    if (left(channel)) {
      plane.metrics.connectionLeft();
      closeNow(channel);
      return false;
    }
    boolean admitted = listeners.admit(channel);
    if (!admitted) {
      plane.metrics.connectionRefused();
      closeNow(channel);
    }
    if (admitted) {
      plane.memory.open(channel);
    }
    return admitted;
  }

  /// Whether nobody waits any more for what a connection might bring that this node was late to
  /// take: before a handshake is spent on it.
  private boolean left(Channel channel) {
    Arrears arrears = worker(channel).arrears;
    long now = System.nanoTime();
    if (!arrears.suspected(now)) {
      return false;
    }
    Arrival arrival = Arrival.of(channel);
    return arrears.late(arrival, now) && arrival.gone();
  }

  /// Adds what speaks HTTP on a client's connection that has opened.
  private void begin(Channel channel, ListenerConfig listener) {
    Worker worker = worker(channel);
    SslHandler tls = listener.tls().isEmpty() ? null : channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      Protocols.plain(worker, channel, listener);
    } else {
      Protocols.afterTls(worker, channel, tls.applicationProtocol(), listener);
    }
    if (dismissed.contains(listener)) {
      worker.dismiss(listener);
    }
  }

  private Worker worker(Channel channel) {
    EventLoop loop = channel.eventLoop();
    Worker worker = workers.get(loop);
    return worker != null ? worker : workers.computeIfAbsent(loop, l -> new Worker(plane, l));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection that was refused
  private static void closeNow(Channel channel) {
    channel.close();
  }

  /// Stops accepting, closes idle connections, answers what is in flight with `Connection: close`,
  /// and closes what is left after `limit`. A proxy that was drained is not used again.
  public Future<Void> drain(Duration limit) {
    plane.draining = true;
    plane.closing = true;
    LOG.atInfo().addKeyValue("connections", listeners.open()).log("draining");
    long endNanos = System.nanoTime() + limit.toNanos();
    return listeners
        .close()
        .compose(_ -> {
          workers.values().forEach(worker -> worker.loop.execute(worker::drain));
          return listeners.quiet(endNanos);
        })
        .compose(_ -> stop());
  }

  /// Gives notice of a drain: goes on accepting and answering, but every answer ends its
  /// connection, so that clients go elsewhere before they would be refused.
  ///
  /// @return complete after that time, at once when no client is connected
  public Future<Void> notice(Duration time) {
    plane.draining = true;
    workers.values().forEach(worker -> worker.loop.execute(worker::notice));
    LOG.atInfo().addKeyValue("connections", listeners.open()).log("about to drain");
    return listeners.quiet(System.nanoTime() + time.toNanos());
  }

  /// Ends each connection that is open now with its next answer, HTTP/2's with a GOAWAY, so that
  /// clients which know another node go there. Goes on accepting, and keeps what comes anew: who
  /// comes back knows no other.
  public void sendAway() {
    workers.values().forEach(worker -> worker.loop.execute(worker::dismissAll));
    LOG.atInfo().addKeyValue("connections", listeners.open()).log("sends clients away");
  }

  private Future<Void> stop() {
    List<Future<?>> stopping = new ArrayList<>();
    for (Worker worker : workers.values()) {
      Promise<Void> stopped = Promise.promise();
      worker.loop.execute(() -> {
        worker.stop();
        stopped.complete();
      });
      stopping.add(stopped.future());
    }
    return Future.join(stopping).mapEmpty();
  }
}
