package io.skein.chaos.recovery;

import io.skein.chaos.driver.Distribution;
import io.skein.chaos.driver.Driver;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.ProcessMesh;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// `skein chaos --recovery`: breaks a loaded mesh again and again and measures how long its clients
/// go without.
public final class RecoveryCommand {
  /// The word that asks for it.
  public static final String WORD = "--recovery";

  private static final int PASSED = 0;
  private static final int MISSED = 1;
  private static final int USAGE = 2;
  private static final int NO_MESH = 3;
  private static final int KNOWN = 2;
  private static final int GOES = 2;
  private static final int DISK_MEBIBYTES = 96;
  private static final String MESH = "skein";

  private final PrintStream out;
  private final PrintStream err;
  private final Path home;

  /// @param out gets the table, or the JSON alone
  /// @param err gets everything else
  /// @param home the distribution under test
  public RecoveryCommand(PrintStream out, PrintStream err, Path home) {
    this.out = out;
    this.err = err;
    this.home = home;
  }

  /// Runs it and returns the exit code.
  ///
  /// @param words all but `--recovery`
  public int run(List<String> words) throws InterruptedException {
    RecoveryOptions options;
    try {
      options = RecoveryOptions.parse(words);
    } catch (IllegalArgumentException e) {
      err.println("skein chaos: " + e.getMessage() + "; see skein chaos --recovery --help");
      return USAGE;
    }
    if (options.help()) {
      out.print(help());
      return PASSED;
    }
    String missing = options.loopback() ? "--loopback" : new Driver.NetworkNamespaces().missing();
    List<Breakage> faults =
        options.faults().stream().filter(one -> missing.isEmpty() || !one.needsRoot()).toList();
    if (faults.size() < options.faults().size()) {
      err.println("processes on loopback are broken alone (" + missing + ")");
    }
    if (faults.isEmpty()) {
      err.println("skein chaos: none of these faults is possible here");
      return USAGE;
    }
    try (ProcessMesh mesh =
        ProcessMesh.make(
            new Distribution(home),
            Optional.empty(),
            options.nodes(),
            missing.isEmpty() ? new Driver.NetworkNamespaces() : new Driver.Loopback())) {
      RecoveryTable table = measure(mesh, options, faults);
      out.print(options.json() ? table.json() : table.text());
      return table.kept() ? PASSED : MISSED;
    } catch (IOException e) {
      err.println("skein chaos: " + e.getMessage());
      return NO_MESH;
    }
  }

  private RecoveryTable measure(ProcessMesh mesh, RecoveryOptions options, List<Breakage> faults)
      throws IOException, InterruptedException {
    List<NodeHandle> known = mesh.nodes().subList(0, KNOWN);
    if (faults.contains(Breakage.DISK_FULL)) {
      for (NodeHandle node : known) {
        Files.createDirectories(node.disk());
        node.smallDisk(DISK_MEBIBYTES);
      }
    }
    mesh.start();
    List<StaticPair> pairs = new ArrayList<>();
    if (options.beside() && StaticPair.possible()) {
      for (StaticPair.Kind kind : StaticPair.Kind.values()) {
        pairs.add(StaticPair.beside(mesh, kind, known));
      }
    } else if (options.beside()) {
      err.println("no 'haproxy' here: nothing to compare with");
    }
    err.println(
        mesh.description()
            + "; "
            + options.rate()
            + " requests a second to each of "
            + (pairs.size() + 1)
            + " balancers");
    List<Load> loads = new ArrayList<>();
    try {
      loads.add(load(MESH, known.stream().map(node -> node.target().traffic()).toList(), options));
      for (StaticPair pair : pairs) {
        loads.add(load(pair.name(), pair.addresses(), options));
      }
      TimeUnit.SECONDS.sleep(options.warmUpSeconds());
      return new RecoveryTable(
          bouts(new Bouts(mesh, new Scene(mesh, pairs), loads), known, options, faults),
          loads.stream().map(Load::name).toList(),
          options.rate());
    } finally {
      loads.forEach(Load::close);
    }
  }

  private static Load load(String name, List<HostPort> addresses, RecoveryOptions options) {
    return Load.on(new Balancers(name, addresses), options.rate());
  }

  /// Every fault once, then every fault again; the machine that is broken takes turns. A run that
  /// was disturbed is made once more, once.
  private List<Bout> bouts(
      Bouts bouts, List<NodeHandle> known, RecoveryOptions options, List<Breakage> faults)
      throws IOException, InterruptedException {
    List<Bout> done = new ArrayList<>();
    for (int run = 0; run < options.runs(); run++) {
      for (Breakage fault : faults) {
        for (int go = 0; go < GOES; go++) {
          Bout bout = bouts.run(fault, known.get(run % known.size()));
          done.add(bout);
          err.println(line(run + 1, options.runs(), bout));
          if (!bout.disturbed()) {
            break;
          }
        }
      }
    }
    return done;
  }

  private static String line(int number, int of, Bout bout) {
    String seen =
        bout.seenNanos().isPresent()
            ? String.format(Locale.ROOT, "; seen %.2f s", bout.seenNanos().getAsLong() / 1e9)
            : "";
    return String.format(
            Locale.ROOT, "%3d/%d %-16s %s", number, of, bout.fault().word(), bout.victim())
        + (bout.held() ? "" : " DID NOT TAKE HOLD")
        + (bout.disturbed() ? " (disturbed)" : "")
        + bout.recoveries().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(one ->
                String.format(
                    Locale.ROOT,
                    "; %s %s%.2f s, %d+%d of %d %s",
                    one.getKey(),
                    one.getValue().back() ? "" : ">",
                    one.getValue().backNanos() / 1e9,
                    one.getValue().failed(),
                    one.getValue().failedAfter(),
                    one.getValue().asked(),
                    bout.wrong().getOrDefault(one.getKey(), Map.of())))
            .collect(Collectors.joining())
        + seen
        + String.format(Locale.ROOT, "; lag %.0f ms", bout.lagNanos() / 1e6);
  }

  private static String help() {
    StringBuilder faults = new StringBuilder();
    for (Breakage fault : Breakage.values()) {
      faults.append(
          String.format(
              Locale.ROOT,
              "  %-17s %s (back within %d s)%n",
              fault.word(),
              fault.text(),
              fault.bar().toSeconds()));
    }
    return """
    Starts a mesh under a constant load from outside, breaks one machine after the other, and
    measures how long clients go without: the table has median and worst time until 99.9 % of
    requests succeed again, by when they were due, failures and answers later than a second counted
    together. Beside it stand pairs of HAProxy in front of the same endpoints, under the same
    load and the same faults. Clients know two addresses of each.

    Examples:
      skein chaos --recovery                                    # each fault 3 times
      skein chaos --recovery --runs 20 -o json > recovery.json
      skein chaos --recovery --faults endpoint-killed,node-killed --without-haproxy

    Usage: skein chaos --recovery [FLAGS]

      --runs N           how often each fault is made, 1 to 1000 (default: 3); a fault lasts until
                         all balancers have served for 3 s, 12 s at most
      --faults A,B,…     only these (default: all that are possible here)
      --nodes N          nodes to start, 4 to 9, an endpoint beside each (default: 5)
      --rate N           requests a second to each, 20 to 2000 (default: 200)
      --warm-up SECONDS  how long all are under load before the first fault, 0 to 3600 (default: 0);
                         five nodes that start on two processors are busy with that at first
      --without-haproxy  nothing beside it
      --loopback         processes on 127.0.0.1, no network namespaces
      -o json            the table and every run as JSON; progress goes to standard error

    down: requests that failed or were late, in seconds of the whole load, on average a run, those
    after the mending too. less: by how much the mesh's is less. seen by all: until every node that
    was left held those that were not for gone, median / worst. Runs in which the load itself was
    late by more than 200 ms, or somebody went unserved before the fault, are made again once and
    left out of the table.

    Faults:
    @FAULTS@
    Exit: 0 all bars kept; 1 one missed; 2 usage; 3 the mesh did not start or broke off.
    """
        .replace("@FAULTS@\n", faults);
  }
}
