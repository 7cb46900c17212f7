package io.skein.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.skein.app.mesh.EventLog;
import io.skein.app.mesh.MeshCore;
import io.skein.app.mesh.MeshIdentity;
import io.skein.app.mesh.MeshThread;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Who;
import io.skein.gossip.transport.AddressBook;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.skein.ledger.admission.MeshTls;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.Timeouts;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.score.Reputation;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudgetConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLParameters;

/// A member of the mesh that lies. It is made of a node's own parts, joins by a token over real
/// sockets, gossips, acknowledges and keeps a ledger as any node does; but in place of a data plane
/// it has a listener that answers peers as it likes, and counts outcomes that never were, which the
/// parts then sign and spread in good faith.
final class LyingPeer implements AutoCloseable {
  // What STORAGE.md of the ledger says of a message with records.
  private static final int WIRE_VERSION = 1;
  private static final int WIRE_RECORDS = 6;
  private static final int RECORDS_CHANNEL = 32;

  private final Undo undo;
  private final SigningKey key;
  private final HybridClock clock;
  private final Ledger ledger;
  private final MeshThread thread;
  private final JGroupsTransport transport;
  private final MeshCore core;
  private final Answers answers;

  /// Whether it answers well, and how often it was asked.
  private static final class Answers {
    volatile boolean well;
    final AtomicLong asked = new AtomicLong();
    final AtomicLong spoilt = new AtomicLong();

    void answer(HttpExchange exchange) throws IOException {
      asked.incrementAndGet();
      exchange.getRequestBody().readAllBytes();
      if (well) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        spoilt.incrementAndGet();
        exchange.sendResponseHeaders(500, -1);
      }
      exchange.close();
    }
  }

  private LyingPeer(
      Undo undo,
      SigningKey key,
      HybridClock clock,
      Ledger ledger,
      MeshThread thread,
      JGroupsTransport transport,
      MeshCore core,
      Answers answers) {
    this.undo = undo;
    this.key = key;
    this.clock = clock;
    this.ledger = ledger;
    this.thread = thread;
    this.transport = transport;
    this.core = core;
    this.answers = answers;
  }

  /// Joins as `config` says, the way a node does.
  ///
  /// @param wallMillis what it reads on the wall
  /// @throws StartFailed if the mesh does not want it
  static LyingPeer join(NodeConfig config, LongSupplier wallMillis)
      throws StartFailed, IOException {
    Instant begun = Instant.now();
    SecureRandom random = new SecureRandom();
    AgreedClock wall = new AgreedClock(wallMillis, System::nanoTime);
    HybridClock clock = new HybridClock(wall);
    Undo undo = new Undo();
    try {
      IdentityFiles identity =
          new IdentityFiles(config.node().data(), config.node().passphraseFile(), random);
      SegmentStore store =
          undo.with(
              DataDirectory.openStore(config, DataDirectory.knownKey(identity)),
              SegmentStore::close);
      SigningKey key = DataDirectory.openKey(config, store, identity);
      store.markWith(key);
      AddressBook addresses = DataDirectory.openAddresses(config);
      Belonging belonging =
          Belonging.of(
              config,
              store,
              key,
              clock,
              random,
              (settings, credential) -> Knocking.at(settings, credential, key, begun),
              true);
      Ledger ledger = belonging.ledger();
      AtomicReference<RosterSnapshot> roster = new AtomicReference<>(ledger.roster().snapshot());
      MeshTls tls = Trust.tls(key, belonging, roster, begun);
      Answers answers = new Answers();
      HostPort listening = listen(tls, answers, undo);
      MeshThread thread = undo.with(new MeshThread("skein-liar"), MeshThread::close);
      HostPort bind = BindAddress.of(config.mesh().bind());
      JGroupsTransport transport =
          undo.with(
              new JGroupsTransport(
                  MeshPort.transportConfig(config, belonging, key, bind, addresses, tls)),
              JGroupsTransport::close);
      MeshCore core =
          new MeshCore(
              new MeshIdentity(
                  key,
                  new Who(
                      config.node().name(),
                      config.node().region(),
                      config.node().zone(),
                      bind.toString(),
                      listening.host(),
                      listening.port(),
                      "test",
                      false,
                      begun.toEpochMilli())),
              ledger,
              clock,
              wall,
              transport,
              thread,
              new RouteTables(
                  LocalFirstConfig.DEFAULT, RetryBudgetConfig.DEFAULT, Timeouts.DEFAULT),
              new EventLog(Instant::now),
              new SplittableRandom(random.nextLong()));
      core.onRoster(roster::set);
      core.healing().rejoins(transport::parted, transport::rejoin);
      MeshPort.startTransport(core, bind);
      return new LyingPeer(undo, key, clock, ledger, thread, transport, core, answers);
    } catch (StartFailed | IOException | RuntimeException e) {
      undo.close();
      throw e;
    }
  }

  private static HostPort listen(MeshTls tls, Answers answers, Undo undo) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = tls.parameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    ExecutorService each =
        undo.with(Executors.newVirtualThreadPerTaskExecutor(), ExecutorService::shutdownNow);
    server.setExecutor(each);
    server.createContext("/", answers::answer);
    server.start();
    undo.then(() -> server.stop(0));
    return new HostPort("127.0.0.1", server.getAddress().getPort());
  }

  NodeId id() {
    return key.nodeId();
  }

  JGroupsTransport transport() {
    return transport;
  }

  /// How it answers what peers forward from now on.
  void answer(boolean well) {
    answers.well = well;
  }

  /// Requests that peers have forwarded to it.
  long asked() {
    return answers.asked.get();
  }

  /// Those of them that it answered badly.
  long spoilt() {
    return answers.spoilt.get();
  }

  /// Claims to have forwarded so many requests to a peer.
  void claim(NodeId about, int good, int bad) {
    Candidate peer =
        new Candidate(about.toString(), Candidate.Kind.PEER, 1, true, 0, 0, new EndpointLoad());
    for (int i = 0; i < good + bad; i++) {
      core.routing()
          .outcomes()
          .completed(
              "web",
              peer,
              "",
              i < good ? OutcomeKind.OK : OutcomeKind.SERVER_ERROR,
              i < good ? 200 : 500,
              1_000_000,
              System.nanoTime());
    }
  }

  /// Writes the next place of its feed twice: `deceived` get one record, its ledger the other.
  void writeTwice(Collection<NodeId> deceived, Body said, Body toThem) throws Exception {
    thread
        .ask(() -> {
          FeedId feed = ledger.ownFeed();
          Head head = ledger.head(feed).orElseThrow();
          SignedRecord second =
              SignedRecord.sign(
                  key,
                  ledger.meshId(),
                  feed.epoch(),
                  head.seq() + 1,
                  head.hash(),
                  clock.now(),
                  toThem);
          byte[] message =
              new CborWriter()
                  .array(5)
                  .integer(WIRE_VERSION)
                  .unsigned(ByteBuffer.wrap(ledger.meshId().toBytes()).getLong())
                  .integer(WIRE_RECORDS)
                  .unsigned(0)
                  .array(1)
                  .bytes(second.encoded())
                  .toBytes();
          for (NodeId node : deceived) {
            transport.send(new PeerId(node.high(), node.low()), RECORDS_CHANNEL, message);
          }
          return second;
        })
        .get(45, TimeUnit.SECONDS);
    core.append(said).get(45, TimeUnit.SECONDS);
  }

  /// What follows from the records it holds, as on every node that holds them; no fork counts.
  ///
  /// @param silenced authors whose records are left out
  <T> T derive(Set<NodeId> silenced, BiFunction<Reputation, LedgerRaters, T> question)
      throws Exception {
    return thread
        .ask(() -> {
          RosterSnapshot now = ledger.roster().snapshot();
          long windowMillis = now.mesh().orElseThrow().windowMillis();
          Reputation reputation =
              new Reputation(
                  windowMillis,
                  AcknowledgementCheck.signatures(ledger.meshId(), ledger.roster()::keyOf));
          ledger.replay(record -> {
            if (!silenced.contains(record.author())) {
              reputation.apply(record);
            }
          });
          return question.apply(reputation, new LedgerRaters(now, Set.of(), windowMillis));
        })
        .get(45, TimeUnit.SECONDS);
  }

  String headsRoot() throws Exception {
    return thread.ask(() -> ledger.headsRoot().toString()).get(45, TimeUnit.SECONDS);
  }

  /// Goes without a word.
  @Override
  public void close() {
    undo.close();
  }
}
