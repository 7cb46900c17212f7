package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// All clients of a run: of each workload one at each node, but those of [#SESSIONS], as many as
/// there are nodes, ask any.
public final class Workloads {
  /// The workload of long connections.
  public static final String CONNECTIONS = "connections";

  /// The workload of clients that stay with their endpoint.
  public static final String SESSIONS = "sessions";

  /// Those that need services of the mesh's own making.
  public static final List<String> THROUGH_SERVICES = List.of("traffic", CONNECTIONS, SESSIONS);

  /// The workloads there are.
  public static final List<String> NAMES =
      List.of(
          "append",
          "traffic",
          "catalogue",
          "feeds",
          "roots",
          "members",
          "owners",
          "shadows",
          "strengths",
          CONNECTIONS,
          SESSIONS,
          "identities",
          "repairs",
          "counters");

  private static final int CLIENTS_A_NODE = 20;
  private static final int FINAL_TIMEOUT_MILLIS = 10_000;

  private final Recorder recorder;
  private final List<Target> targets;
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Reader> finalReaders = new ArrayList<>();
  private final Map<String, Lock> gates = new TreeMap<>();
  private volatile boolean running = true;
  private volatile boolean writing = true;

  /// Makes the clients; none runs yet.
  ///
  /// @param wanted of [#NAMES]
  /// @param run makes what is written by different runs different: letters and digits
  /// @param seed what they draw from
  public Workloads(
      Recorder recorder, List<Target> targets, Set<String> wanted, String run, long seed) {
    AtomicInteger values = new AtomicInteger();
    this.recorder = recorder;
    this.targets = List.copyOf(targets);
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      int first = i * CLIENTS_A_NODE;
      Lock gate = new ReentrantLock(true);
      gates.put(target.name(), gate);
      if (wanted.contains("append")) {
        clients.add(new Appender(new Session(recorder, first, target), run, gate));
        clients.add(new Reader(new Session(recorder, first + 1, target), run));
        finalReaders.add(new Reader(new Session(recorder, first + 2, target), run));
      }
      if (wanted.contains("traffic")) {
        clients.add(new Requester(new Session(recorder, first + 3, target)));
      }
      if (wanted.contains("roots")) {
        clients.add(new RootsReader(new Session(recorder, first + 4, target)));
      }
      if (wanted.contains("catalogue")) {
        clients.add(
            new Cataloguer(new Session(recorder, first + 5, target), seed + i, values, gate));
        clients.add(new CatalogueReader(new Session(recorder, first + 6, target)));
      }
      if (wanted.contains("feeds")) {
        clients.add(new FeedReader(new Session(recorder, first + 7, target), seed + i));
        clients.add(new AccusedReader(new Session(recorder, first + 8, target)));
      }
      if (wanted.contains("members")) {
        clients.add(new MembersReader(new Session(recorder, first + 9, target)));
      }
      if (wanted.contains("owners")) {
        clients.add(new OwnersReader(new Session(recorder, first + 11, target)));
      }
      if (wanted.contains("shadows")) {
        clients.add(new ShadowsReader(new Session(recorder, first + 12, target)));
      }
      if (wanted.contains("strengths")) {
        clients.add(new StrengthsReader(new Session(recorder, first + 13, target)));
      }
      if (wanted.contains(CONNECTIONS)) {
        // One connection to the endpoint beside the node, one through the mesh to the next one's.
        String here = ProcessMesh.lines(target.name());
        String next = ProcessMesh.lines(targets.get((i + 1) % targets.size()).name());
        clients.add(new Talker(new Session(recorder, first + 14, target), here, seed + i));
        clients.add(new Talker(new Session(recorder, first + 16, target), next, ~seed - i));
      }
      if (wanted.contains(SESSIONS)) {
        int process = first + 18;
        List<Session> everywhere =
            targets.stream().map(each -> new Session(recorder, process, each)).toList();
        clients.add(new Visitor(everywhere, "v" + (i + 1), seed + i));
      }
      if (wanted.contains("identities")) {
        clients.add(new IdentitiesReader(new Session(recorder, first + 15, target)));
      }
      if (wanted.contains("repairs")) {
        clients.add(new RepairsReader(new Session(recorder, first + 17, target)));
      }
      if (wanted.contains("counters")) {
        clients.add(new CounterReader(new Session(recorder, first + 10, target)));
      }
    }
  }

  /// Starts all clients.
  public void start() {
    for (Client client : clients) {
      threads.add(Thread.ofVirtual().start(() -> untilStopped(client)));
    }
  }

  private void untilStopped(Client client) {
    try {
      while (running && (writing || !client.writes())) {
        client.step();
        TimeUnit.MILLISECONDS.sleep(client.pauseMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      String what = client.getClass().getSimpleName() + " broke off: " + e;
      recorder.info("", Vocabulary.AMISS, Json.of(what).toString());
    } finally {
      client.end();
    }
  }

  /// Ends all writing; reading goes on.
  public void stopWriting() {
    writing = false;
  }

  /// Lets nobody write at that node until the lock is given back.
  public Lock gate(String node) {
    return gates.computeIfAbsent(node, _ -> new ReentrantLock(true));
  }

  /// Waits, after [#stopWriting], until every node holds what any node held when it was called.
  ///
  /// @return seconds it took; more than `limitSeconds` if it did not come to that
  public double awaitEqual(int limitSeconds) throws InterruptedException {
    long began = System.nanoTime();
    Map<String, Long> all = new TreeMap<>();
    for (Target target : targets) {
      heads(target).orElse(Map.of()).forEach((feed, seq) -> all.merge(feed, seq, Math::max));
    }
    while (System.nanoTime() - began < limitSeconds * 1_000_000_000L) {
      boolean equal = true;
      for (Target target : targets) {
        equal &= heads(target).filter(held -> atLeast(held, all)).isPresent();
      }
      if (equal) {
        return (System.nanoTime() - began) / 1e9;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return Double.POSITIVE_INFINITY;
  }

  /// Whether the first heads reach the others in every feed.
  public static boolean atLeast(Map<String, Long> held, Map<String, Long> wanted) {
    return wanted.entrySet().stream()
        .allMatch(head -> held.getOrDefault(head.getKey(), 0L) >= head.getValue());
  }

  /// The last sequence number of every feed at a node; empty if it does not tell.
  public static Optional<Map<String, Long>> heads(Target target) {
    return Http.get(target.api(), "/v1/ledger/heads", FINAL_TIMEOUT_MILLIS)
        .told("heads")
        .map(Workloads::sequences);
  }

  /// By feed.
  static Map<String, Long> sequences(Json answer) {
    Map<String, Long> heads = new TreeMap<>();
    for (Json head : answer.member("heads").items()) {
      heads.put(
          head.text("author").orElse("") + "/" + head.text("epoch").orElse(""),
          head.whole("seq").orElse(0));
    }
    return heads;
  }

  /// Stops all clients, waits for their answers, and reads everything at every node once more.
  public void finish() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join();
    }
    for (Reader reader : finalReaders) {
      reader.readAll();
    }
  }
}
