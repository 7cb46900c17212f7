package io.skein.chaos.driver;

import io.skein.chaos.agent.SlowSync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A node as a process started by the distribution's launcher, and an endpoint as another, both at
/// one [Place].
final class ProcessNode implements NodeHandle {
  private static final String SMALL = "-Xms24m -Xmx128m -Xss512k -XX:TieredStopAtLevel=1";

  private static final int API_MILLIS = 5_000;
  private static final int INVITE_SECONDS = 7_200;
  private static final int EXPIRED_MILLIS = 1_500;
  private static final int LOG_LINES = 20;

  private final Builds builds;
  private final Invites mesh;
  private final RunFolder run;
  private final Path folder;
  private final Place place;
  private final Target target;
  private final String name;
  private final String region;
  private final Ports ports;
  private List<String> seed = List.of();
  private List<String> joining = List.of();
  private Optional<String> clocks = Optional.empty();
  private boolean slowSyncs;
  private boolean lines;
  private boolean sessions;
  private Distribution build;
  private boolean newcomer;
  private Process process;
  private Process endpoint;

  /// Who tells newcomers how to join.
  interface Invites {
    /// Flags with which that node joins by another one that runs.
    ///
    /// @param seconds how long the invite is good
    List<String> invitation(ProcessNode node, int seconds) throws IOException;
  }

  /// What nodes are of.
  ///
  /// @param first at their first start, until they are upgraded
  /// @param tested the build under test
  record Builds(Distribution first, Distribution tested) {}

  /// The addresses of one node.
  ///
  /// @param host where all of them listen
  /// @param lines where its endpoint sends lines back
  record Ports(String host, int mesh, int forward, int api, int web, int endpoint, int lines) {}

  ProcessNode(
      Builds builds,
      Invites mesh,
      RunFolder run,
      Place place,
      Target target,
      String region,
      Ports ports)
      throws IOException {
    this.builds = builds;
    this.build = builds.first();
    this.mesh = mesh;
    this.run = run;
    this.place = place;
    this.target = target;
    this.name = target.name();
    this.region = region;
    this.ports = ports;
    this.folder = Files.createDirectories(run.path().resolve(name));
    this.endpoint = launchEndpoint();
    this.process = endpoint;
  }

  /// Starts it for the first time; it joins by these flags.
  void join(List<String> flags) throws IOException {
    seed = List.copyOf(flags);
    start();
  }

  Ports ports() {
    return ports;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean running() {
    return process.isAlive();
  }

  @Override
  public void start() throws IOException {
    launch(seed);
  }

  @Override
  public void startWithoutSeed() throws IOException {
    launch(List.of());
  }

  @Override
  public void startAsNewcomer() throws IOException {
    newcomer = true;
    seed = mesh.invitation(this, INVITE_SECONDS);
    start();
  }

  @Override
  public void startAsNewcomer(HostPort by, String token) throws IOException {
    newcomer = true;
    seed = List.of("--seed", by.toString(), "--token", token);
    start();
  }

  @Override
  public HostPort meshAt() {
    return new HostPort(ports.host(), ports.mesh());
  }

  @Override
  public int startWithExpiredInvite(Duration limit) throws IOException, InterruptedException {
    List<String> expired = mesh.invitation(this, 1);
    TimeUnit.MILLISECONDS.sleep(EXPIRED_MILLIS);
    launch(expired);
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      return -1;
    }
    return process.exitValue();
  }

  @Override
  public void awaitReady(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready() || (newcomer && !register())) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name + " is not ready within " + limit.toSeconds() + " s:\n" + lastLog(LOG_LINES));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    newcomer = false;
  }

  private boolean ready() throws IOException {
    if (!running()) {
      // As a service manager does: on a busy machine its seed may not have answered in time.
      launch(joining);
    }
    return Http.get(target().api(), "/readyz", API_MILLIS).status() == 200;
  }

  /// Its endpoint serves long connections too.
  void serveLines() {
    lines = true;
  }

  /// Its endpoint serves clients that stay too.
  void serveSessions() {
    sessions = true;
  }

  /// Puts its endpoint into the catalogue, of the one service as its own, of the idle one as its
  /// region's; false while the node does not know the services.
  boolean register() {
    return register(ProcessMesh.SERVICE, endpointAt(), "self")
        && register(ProcessMesh.IDLE, endpointAt(), "region")
        && (!sessions || register(ProcessMesh.SESSIONS, endpointAt(), "self"))
        && (!lines
            || register(
                ProcessMesh.lines(name), new HostPort(ports.host(), ports.lines()), "self"));
  }

  private boolean register(String service, HostPort at, String owner) {
    String endpoint = "{\"url\":\"http://" + at + "\",\"owner\":\"" + owner + "\"}";
    return Http.send(
                target().api(),
                "PUT",
                "/v1/services/" + service + "/endpoints/" + name,
                endpoint,
                API_MILLIS)
            .status()
        == 202;
  }

  private void launch(List<String> join) throws IOException {
    joining = List.copyOf(join);
    Files.createDirectories(disk());
    List<String> words = new ArrayList<>(place.node(build, environment()));
    words.addAll(
        List.of(
            "up",
            "--name",
            name,
            "--region",
            region,
            "--data",
            place.seen(disk()),
            "--mesh",
            ports.host() + ":" + ports.mesh(),
            "--forward",
            ports.host() + ":" + ports.forward(),
            "--api",
            ports.host() + ":" + ports.api(),
            "--api-allow-remote",
            "--listen",
            "web=" + ports.host() + ":" + ports.web(),
            "--window",
            "2s",
            "--mesh-name",
            "chaos"));
    words.addAll(join);
    process = started("log", words);
  }

  private Map<String, String> environment() {
    Map<String, String> all = new TreeMap<>();
    String dump = place.seen(folder.resolve("heap.hprof"));
    String options = SMALL + " -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=" + dump;
    all.put("SKEIN_JVM_OPTS", slowSyncs ? options + ' ' + agent() : options);
    clocks.ifPresent(library -> {
      all.put("LD_PRELOAD", library);
      all.put("FAKETIME_TIMESTAMP_FILE", place.seen(clock()));
      all.put("FAKETIME_CACHE_DURATION", "1");
      all.put("FAKETIME_DISABLE_SHM", "1");
      // A JVM waits by the monotonic clock, which no operator ever sets.
      all.put("DONT_FAKE_MONOTONIC", "1");
      // Else every timed wait of a JVM ends at once: they are by that clock, and it corrects them.
      all.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    });
    return all;
  }

  private Process launchEndpoint() throws IOException {
    List<String> words = new ArrayList<>(place.endpoint(builds.tested()));
    words.addAll(
        List.of(
            name,
            ports.host(),
            Integer.toString(ports.endpoint()),
            Integer.toString(ports.lines())));
    return started("endpoint.log", words);
  }

  /// Starts another program where the node is.
  Process beside(String log, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(place.beside());
    all.addAll(words);
    return started(log, all);
  }

  private Process started(String log, List<String> words) throws IOException {
    Process started =
        run.start(
            new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile())));
    place.started(started);
    return started;
  }

  /// Where its clock's error stands: beside its disk, in a folder that can be mounted.
  private Path clock() {
    return folder.resolve("clock");
  }

  /// Makes these faults possible, from its next start on.
  void prepare(Set<Preparation> what) throws IOException, InterruptedException {
    if (what.contains(Preparation.CLOCK)) {
      skew(0);
      clocks = place.clocks();
    }
    if (what.contains(Preparation.SYNCS)) {
      AgentJar.write(jar());
      slowSyncs = true;
    }
    if (what.contains(Preparation.MEMORY)) {
      place.countMemory();
    }
  }

  private Path jar() {
    return folder.resolve("agent.jar");
  }

  private String agent() {
    return "-javaagent:" + place.seen(jar()) + '=' + place.seen(folder);
  }

  String noMemoryLimits() {
    return place.noMemoryLimits();
  }

  boolean canFakeClock() throws InterruptedException {
    return place.clocks().isPresent();
  }

  @Override
  public void skew(int seconds) throws IOException {
    // A file that is half written would end the process that reads it.
    replace(clock(), String.format(Locale.ROOT, "%+d\n", seconds));
  }

  private void replace(Path file, String text) throws IOException {
    Path next = folder.resolve("next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delaySyncs(int millis) throws IOException {
    replace(SlowSync.delay(folder), Integer.toString(millis));
  }

  @Override
  public long delayedSyncs() {
    return SlowSync.number(SlowSync.delayed(folder));
  }

  @Override
  public void kill() throws IOException, InterruptedException {
    place.kill(process);
  }

  @Override
  public void terminate(Duration limit) throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  @Override
  public void pause(boolean paused) throws IOException, InterruptedException {
    place.pause(process, paused);
  }

  @Override
  public boolean paused() throws IOException, InterruptedException {
    return place.paused(process);
  }

  @Override
  public void starve(int percent) throws IOException, InterruptedException {
    place.starve(process, percent);
  }

  @Override
  public boolean starved() throws IOException, InterruptedException {
    return place.starved();
  }

  @Override
  public void starveMemory(boolean starved) throws IOException {
    place.starveMemory(starved);
  }

  @Override
  public long memoryShortages() throws IOException {
    return place.memoryShortages();
  }

  @Override
  public boolean killForMemory(Duration limit) throws IOException, InterruptedException {
    return place.killForMemory(process, limit);
  }

  @Override
  public void upgrade() {
    build = builds.tested();
  }

  @Override
  public boolean upgraded() throws IOException {
    Path words = Path.of("/proc", Long.toString(pid()), "cmdline");
    return running()
        && Files.readString(words, StandardCharsets.UTF_8)
            .contains(builds.tested().home().toString());
  }

  @Override
  public Path disk() {
    return folder.resolve("data");
  }

  @Override
  public void smallDisk(int freeMebibytes) throws IOException, InterruptedException {
    Path aside = folder.resolve("aside");
    if (freeMebibytes > 0) {
      Files.move(disk(), aside);
      SmallDisk.mount(disk(), (int) (Trees.bytes(aside) >> 20) + freeMebibytes);
      Trees.copy(aside, disk());
      Trees.delete(aside);
    } else {
      Trees.copy(disk(), aside);
      SmallDisk.remove(disk());
      Files.delete(disk());
      Files.move(aside, disk());
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean endpointRunning() {
    return endpoint.isAlive();
  }

  @Override
  public void endpoint(boolean running) throws IOException, InterruptedException {
    if (running && !endpoint.isAlive()) {
      endpoint = launchEndpoint();
    } else if (!running) {
      place.kill(endpoint);
    }
  }

  @Override
  public HostPort endpointAt() {
    return new HostPort(ports.host(), ports.endpoint());
  }

  @Override
  public void pauseEndpoint(boolean paused) throws IOException, InterruptedException {
    place.pause(endpoint, paused);
  }

  @Override
  public boolean endpointPaused() throws IOException, InterruptedException {
    return place.paused(endpoint);
  }

  String region() {
    return region;
  }

  /// Standard output of its endpoints: each request that one of them took.
  Path served() {
    return folder.resolve("endpoint.log");
  }

  @Override
  public String lastLog(int lines) {
    try {
      List<String> all = Files.readAllLines(folder.resolve("log"), StandardCharsets.UTF_8);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }
}
