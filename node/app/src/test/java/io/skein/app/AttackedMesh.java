package io.skein.app;

import com.sun.net.httpserver.HttpServer;
import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.reputation.snapshot.Why;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Honest nodes that forward to each other, each admitted by an invite of its own, and liars among
/// them. For each honest node there is a service of which everybody else has an endpoint: whatever
/// it is asked for it has to forward, so that all rate all.
final class AttackedMesh implements AutoCloseable {
  private static final Duration VALID = Duration.ofMinutes(10);
  private static final long PAUSE_MILLIS = 12;
  private static final int REQUESTS_A_WINDOW = 50;
  private static final int LIE_MILLIS = 200;

  private final ClientsClock clock = new ClientsClock();
  private final MeshOfNodes mesh;
  private final long windowMillis;
  private final HttpServer endpoint;
  private final ExecutorService answering = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean going;
  private int born;

  /// The honest, and what they are called.
  final Map<NodeId, Node> honest = new LinkedHashMap<>();

  /// The liars, in the order of their coming, but for those that have gone.
  final List<LyingPeer> liars = new ArrayList<>();

  /// What liars say, every so often, of everybody.
  private final Map<LyingPeer, Runnable> lies = new ConcurrentHashMap<>();

  /// Requests of clients in some time, and what became of them.
  ///
  /// @param requests asked of honest nodes
  /// @param failures not answered with 200
  /// @param toLiars tries that came to liars
  /// @param spoilt of those, answered badly
  record Tally(long requests, long failures, long toLiars, long spoilt) {
    Tally minus(Tally before) {
      return new Tally(
          requests - before.requests,
          failures - before.failures,
          toLiars - before.toLiars,
          spoilt - before.spoilt);
    }

    double shareToLiars() {
      return (double) toLiars / requests;
    }

    double failureShare() {
      return (double) failures / requests;
    }

    @Override
    public String toString() {
      return "%,d requests, %.2f %% to liars, %.2f %% failed"
          .formatted(requests, 100 * shareToLiars(), 100 * failureShare());
    }
  }

  /// @param policy of all services
  /// @param windowMillis length of a window, at least: it ends when each honest node's clients have
  ///   asked enough
  AttackedMesh(Path folder, int nodes, String policy, long windowMillis) throws Exception {
    this.mesh = new MeshOfNodes(folder, clock);
    this.windowMillis = windowMillis;
    this.endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    endpoint.setExecutor(answering);
    endpoint.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    endpoint.start();
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        """
        mesh: {directory: false}
        listeners:
          - {name: web, bind: "127.0.0.1:0"}
        """);
    Node first = mesh.start(name(1), "--config=" + file, "--window=" + windowMillis + "ms");
    honest.put(idOf(first), first);
    for (int i = 2; i <= nodes; i++) {
      Node node =
          mesh.start(
              name(i),
              "--config=" + file,
              "--seed=" + first.bound().mesh(),
              "--token=" + invite(1));
      honest.put(idOf(node), node);
    }
    for (Node node : honest.values()) {
      mesh.await("the node is ready", () -> mesh.ready(node));
    }
    for (NodeId whose : honest.keySet()) {
      mesh.put(
          first,
          "/v1/services/" + serviceOf(whose),
          new JsonObject()
              .put("policy", policy)
              .put("hosts", new JsonArray().add("*"))
              .put("path", "/" + serviceOf(whose)));
    }
    for (NodeId node : honest.keySet()) {
      offerAll(node);
    }
  }

  private static String name(int number) {
    return "eu-" + number;
  }

  private static String serviceOf(NodeId node) {
    return "for-" + node;
  }

  MeshOfNodes mesh() {
    return mesh;
  }

  Node first() {
    return honest.values().iterator().next();
  }

  private NodeId idOf(Node node) throws Exception {
    return NodeId.parse(mesh.get(node, "/v1/node").orElseThrow().getString("id"));
  }

  /// A token for so many nodes.
  String invite(int uses) throws Exception {
    return mesh.invite(first(), uses, VALID);
  }

  /// A liar that answers well and says nothing, until told otherwise, with an endpoint of each
  /// service.
  LyingPeer liar(String token) throws Exception {
    LyingPeer liar = join(token);
    offerAll(liar.id());
    return liar;
  }

  LyingPeer join(String token) throws StartFailed, IOException {
    LyingPeer liar =
        LyingPeer.join(
            mesh.config("eu-liar" + born++, "--seed=" + first().bound().mesh(), "--token=" + token),
            clock);
    liars.add(liar);
    return liar;
  }

  /// A liar goes without a word.
  void gone(LyingPeer liar) {
    lies.remove(liar);
    liars.remove(liar);
    liar.close();
  }

  private void offerAll(NodeId node) throws Exception {
    mesh.await("the node is a member", () -> subject(first(), node).isPresent());
    for (NodeId whose : honest.keySet()) {
      if (!whose.equals(node)) {
        mesh.put(
            first(),
            "/v1/services/" + serviceOf(whose) + "/endpoints/of-" + node,
            new JsonObject()
                .put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort())
                .put("owner", node.toString()));
      }
    }
  }

  /// Clients begin to ask, and liars to lie.
  void begin() throws Exception {
    for (Map.Entry<NodeId, Node> node : honest.entrySet()) {
      mesh.await(
          "a peer that serves",
          () -> mesh.request(node.getValue(), "/" + serviceOf(node.getKey())).statusCode() == 200);
    }
    clock.follow(requests::get, (long) REQUESTS_A_WINDOW * honest.size(), windowMillis);
    going = true;
    honest.forEach((id, node) -> threads.add(Thread.ofVirtual().start(() -> ask(id, node))));
    threads.add(Thread.ofVirtual().start(this::lie));
  }

  private void ask(NodeId id, Node node) {
    while (going) {
      try {
        int status = mesh.request(node, "/" + serviceOf(id)).statusCode();
        failures.addAndGet(status == 200 ? 0 : 1);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (IOException e) {
        failures.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      requests.incrementAndGet();
    }
  }

  private void lie() {
    while (going) {
      lies.values().forEach(Runnable::run);
      try {
        TimeUnit.MILLISECONDS.sleep(LIE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// From now on `liar` says of each node, five times a second.
  void says(LyingPeer liar, Runnable what) {
    lies.put(liar, what);
  }

  /// Clients fall silent, and liars.
  void end() throws InterruptedException {
    going = false;
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(25));
    }
    threads.clear();
    clock.run();
  }

  /// What has become of all requests so far.
  ///
  /// @param liars whose share is counted
  Tally tally(List<LyingPeer> liars) {
    return new Tally(
        requests.get(),
        failures.get(),
        liars.stream().mapToLong(LyingPeer::asked).sum(),
        liars.stream().mapToLong(LyingPeer::spoilt).sum());
  }

  /// Ledger time, in windows.
  long window() throws Exception {
    return reputation(first()).getLong("ledgerTime");
  }

  JsonObject reputation(Node node) throws Exception {
    return mesh.get(node, "/v1/reputation").orElseThrow();
  }

  /// Clients and liars fall silent and time stands still, until all hold the same records and
  /// derive the same from them.
  void agree() throws Exception {
    end();
    clock.stop();
    mesh.await(
        "one state",
        () -> {
          Set<String> heads = new HashSet<>();
          Set<String> derived = new HashSet<>();
          for (Node node : honest.values()) {
            JsonObject seen = reputation(node);
            heads.add(seen.getString("headsRoot"));
            derived.add(seen.getString("repRoot"));
          }
          for (LyingPeer liar : liars) {
            heads.add(liar.headsRoot());
          }
          return heads.size() == 1 && derived.size() == 1;
        });
  }

  /// Waits until ledger time is so many windows on.
  void pass(int windows) throws Exception {
    long since = window();
    for (int i = 1; i <= windows; i++) {
      long due = since + i;
      mesh.await("another window", () -> window() >= due);
    }
  }

  /// What `node` holds of a member; empty while it knows of none.
  Optional<JsonObject> subject(Node node, NodeId member) throws Exception {
    return MeshOfNodes.find(
        reputation(node).getJsonArray("subjects"), "subject", member.toString());
  }

  /// The score of a member as `node` has it.
  double score(Node node, NodeId member) throws Exception {
    return subject(node, member).orElseThrow().getDouble("score");
  }

  /// The greatest part of all raters' weight, before trimming, that those have in the score of any
  /// honest node, of what the first of them holds.
  double weight(List<LyingPeer> raters) throws Exception {
    Set<NodeId> theirs = raters.stream().map(LyingPeer::id).collect(Collectors.toSet());
    return raters
        .getFirst()
        .derive(
            Set.of(),
            (reputation, standings) -> {
              long most = 0;
              for (NodeId subject : honest.keySet()) {
                most =
                    Math.max(
                        most,
                        reputation.why(new PeerSubject(subject), standings).testimonies().stream()
                            .filter(word -> theirs.contains(word.rater()))
                            .mapToLong(Why.RaterWord::shareQ30)
                            .sum());
              }
              return most / (double) Score.ONE_Q30;
            });
  }

  /// Waits, window by window, until so many of the honest have an opinion on `victim` that counts,
  /// by what `holder` holds.
  void awaitHonestRaters(LyingPeer holder, NodeId victim, int raters) throws Exception {
    while (why(holder, victim).testimonies().stream()
            .filter(word -> honest.containsKey(word.rater()))
            .filter(word -> word.verdict() == Why.Verdict.COUNTS)
            .count()
        < raters) {
      pass(1);
    }
  }

  private static Why why(LyingPeer holder, NodeId subject) throws Exception {
    return holder.derive(
        Set.of(), (reputation, raters) -> reputation.why(new PeerSubject(subject), raters));
  }

  /// A member's score and who made it, for people.
  String raters(LyingPeer holder, NodeId subject) throws Exception {
    Why why = why(holder, subject);
    return why.testimonies().stream()
        .map(word ->
            "%s %s %s of %s"
                .formatted(
                    honest.containsKey(word.rater()) ? "honest" : "liar",
                    word.verdict(),
                    Score.text(word.longQ30()),
                    Score.text(word.shareQ30())))
        .collect(
            Collectors.joining(
                "; ",
                why.score().text() + " " + why.score().basis() + " by ",
                "; silent " + Score.text(why.silentQ30())));
  }

  /// How far the liars' words move the score of any honest node.
  double moved(LyingPeer holder) throws Exception {
    Set<NodeId> theirs = liars.stream().map(LyingPeer::id).collect(Collectors.toSet());
    Scores with = holder.derive(Set.of(), Reputation::scores);
    Scores without = holder.derive(theirs, Reputation::scores);
    double moved = 0;
    for (NodeId node : honest.keySet()) {
      PeerSubject subject = new PeerSubject(node);
      long difference = Math.abs(with.of(subject).q30() - without.of(subject).q30());
      moved = Math.max(moved, difference / (double) Score.ONE_Q30);
    }
    return moved;
  }

  @Override
  public void close() throws Exception {
    end();
    liars.forEach(LyingPeer::close);
    mesh.close();
    endpoint.stop(0);
    answering.shutdownNow();
  }
}
