package io.skein.benchmarks.sockets;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `RoutingBench SCENARIO ROUNDS WARM_UP_SECONDS RESULT_FILE NAME=PORT…`: starts eight endpoints
/// for each contender, waits until every contender answers on its port, and runs the rounds. A
/// contender on port P has its endpoints on P + 1000 to P + 1007.
///
/// Contenders run side by side: each has its own endpoints and its own clients with the same due
/// times, so that whatever the machine does in a second, it does to all of them.
public final class RoutingBench {
  private static final int OPEN_FIRST = 64;
  private static final int ENDPOINTS_FROM = 1_000;
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(40);

  private final Scenario scenario;
  private final List<String> names = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
  private final Endpoints endpoints;
  private long stallNanos;

  private RoutingBench(Scenario scenario, List<String> contenders) throws IOException {
    this.scenario = scenario;
    List<Integer> ports = new ArrayList<>();
    for (String contender : contenders) {
      int at = contender.indexOf('=');
      names.add(contender.substring(0, at));
      clients.add(new Client(Integer.parseInt(contender.substring(at + 1)), selector));
      ports.add(Integer.parseInt(contender.substring(at + 1)) + ENDPOINTS_FROM);
    }
    this.endpoints = new Endpoints(ports, Scenario.ENDPOINTS);
  }

  /// See above.
  public static void main(String[] arguments) throws IOException {
    List<Scenario> all = Scenario.all();
    if (arguments.length < 5) {
      System.err.println(
          "usage: RoutingBench SCENARIO ROUNDS WARM_UP_SECONDS RESULT_FILE NAME=PORT...");
      all.forEach(one -> System.err.println("  " + one.name() + ": " + one.about()));
      System.exit(2);
    }
    Scenario scenario =
        all.stream()
            .filter(one -> one.name().equals(arguments[0]))
            .findFirst()
            .orElseThrow(() -> new IOException("no scenario '" + arguments[0] + "'"));
    RoutingBench bench =
        new RoutingBench(scenario, List.of(arguments).subList(4, arguments.length));
    Table table = bench.run(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    table.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    Files.writeString(Path.of(arguments[3]), table.json());
    Files.writeString(Path.of(arguments[3] + ".row"), table.row());
  }

  private Table run(int rounds, int warmUpSeconds) throws IOException {
    Thread.ofPlatform().daemon().name("endpoints").start(endpoints);
    scenario.prepare(endpoints);
    for (int i = 0; i < names.size(); i++) {
      await(names.get(i), clients.get(i).port());
    }
    for (Client client : clients) {
      client.open(OPEN_FIRST);
    }
    Table table = new Table(scenario, names);
    warmUp(warmUpSeconds);
    for (int round = 0; round < rounds; round++) {
      // 3 is coprime to 8: every round another one.
      round(3 * round % Scenario.ENDPOINTS, table);
    }
    endpoints.end();
    return table;
  }

  private static void await(String name, int port) throws IOException {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < START_NANOS) {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/1k").toURL().openConnection();
      connection.setRequestProperty("Connection", "close");
      try {
        if (connection.getResponseCode() == 200) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (IOException _) {
        pause();
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        connection.disconnect();
      }
    }
    throw new IOException(name + " does not answer");
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void warmUp(int seconds) throws IOException {
    int rate = scenario.rates().getFirst().perSecond();
    long[] due = new long[rate * seconds];
    for (int i = 0; i < due.length; i++) {
      due[i] = i * 1_000_000_000L / rate;
    }
    send(due, List.of(), 0, System.nanoTime());
    forget();
  }

  private void forget() {
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).take();
      endpoints.takeArrivals(i);
    }
  }

  private void round(int odd, Table table) throws IOException {
    scenario.prepare(endpoints);
    forget();
    long start = System.nanoTime();
    send(scenario.due(), scenario.events(), odd, start);
    table.stalled(stallNanos);
    for (int i = 0; i < clients.size(); i++) {
      table.add(
          i, Round.of(scenario, start, odd, clients.get(i).take(), endpoints.takeArrivals(i)));
    }
  }

  private void send(long[] due, List<Scenario.Event> events, int odd, long start)
      throws IOException {
    int next = 0;
    int event = 0;
    long before = 0;
    while (next < due.length || event < events.size() || underWay()) {
      long now = System.nanoTime() - start;
      stallNanos = before == 0 ? 0 : Math.max(stallNanos, now - before);
      before = now;
      while (event < events.size() && events.get(event).atMillis() * 1_000_000L <= now) {
        Scenario.Event its = events.get(event++);
        endpoints.tell(its.number() == Scenario.ODD ? odd : its.number(), its.order());
      }
      while (next < due.length && due[next] <= now) {
        long at = start + due[next++];
        clients.forEach(client -> client.send(at));
      }
      Endpoints.waitFor(
          selector, next < due.length ? start + due[next] : System.nanoTime() + 5_000_000);
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.attachment() instanceof Client.Connection its) {
          if (key.isConnectable()) {
            its.connected();
          } else if (key.isReadable()) {
            its.read(buffer);
          }
        }
      }
      selector.selectedKeys().clear();
    }
  }

  private boolean underWay() {
    long now = System.nanoTime();
    return clients.stream().mapToInt(client -> client.underWay(now)).sum() > 0;
  }
}
