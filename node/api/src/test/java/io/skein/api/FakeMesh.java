package io.skein.api;

import io.skein.api.view.CheckView;
import io.skein.api.view.ClassesView;
import io.skein.api.view.ContractView;
import io.skein.api.view.DigestView;
import io.skein.api.view.DirectoryView;
import io.skein.api.view.EndpointView;
import io.skein.api.view.EventView;
import io.skein.api.view.ExperimentView;
import io.skein.api.view.ExplanationView;
import io.skein.api.view.FeedPageView;
import io.skein.api.view.ForecastView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.HealingView;
import io.skein.api.view.HistoryView;
import io.skein.api.view.InviteView;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.LedgerView;
import io.skein.api.view.LinkView;
import io.skein.api.view.MemberView;
import io.skein.api.view.NodeView;
import io.skein.api.view.OverviewView;
import io.skein.api.view.OwnerView;
import io.skein.api.view.Percentiles;
import io.skein.api.view.ReadyCheck;
import io.skein.api.view.RecordView;
import io.skein.api.view.ReputationView;
import io.skein.api.view.RouteView;
import io.skein.api.view.Scores;
import io.skein.api.view.ServiceView;
import io.skein.api.view.ShadowView;
import io.skein.api.view.Stamp;
import io.skein.api.view.TrafficView;
import io.skein.api.view.WhyView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// A mesh of three nodes and seven endpoints that lives by a formula: every figure is a function of
/// the clock it is given. From second 60 to 120 of each three minutes `orders/us-2` fails and
/// `ap-1` is unreachable.
final class FakeMesh implements MeshView {
  final FakeProofs proofs = new FakeProofs();
  static final long START_SECOND = 1_790_000_000L;
  static final List<String> NODES = List.of("eu-1", "us-1", "ap-1");
  private static final List<String> ENDPOINTS =
      List.of("orders/eu-1", "orders/eu-2", "orders/us-1", "orders/us-2", "orders/ap-1");
  private static final List<String> PAYMENTS = List.of("payments/eu-1", "payments/us-1");

  private final LongSupplier clockMillis;
  final FakeLedger ledger;
  final Map<String, ReceiptAnswer> receipts =
      new ConcurrentHashMap<>(Map.of("b".repeat(26), new ReceiptAnswer.Busy()));
  volatile boolean ready = true;
  volatile String name = "eu-1";

  FakeMesh(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.ledger = new FakeLedger(clockMillis);
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  private boolean troubled(long second) {
    return second % 180 >= 60 && second % 180 < 120;
  }

  private boolean out(String endpoint, long second) {
    return (endpoint.equals("orders/us-2") && troubled(second))
        || (endpoint.endsWith("/ap-1") && troubled(second) && second % 180 >= 75);
  }

  static String id(String node) {
    return (hash(node).replaceAll("[0189]", "q") + "aaaaaaaa").substring(0, 26);
  }

  static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double wave(String salt, long second, double period) {
    return Math.sin(second / period * 2 * Math.PI + salt.hashCode() % 7)
        + 0.35 * Math.sin(second / (period / 3.7) * 2 * Math.PI + salt.hashCode() % 5)
        + 0.25
            * (Math.floorMod(salt.hashCode() * 31L + second * 2_654_435_761L, 1_000) / 500.0 - 1);
  }

  @Override
  public CompletionStage<ReceiptAnswer> receipt(String id) {
    return CompletableFuture.completedFuture(
        receipts.getOrDefault(id, new ReceiptAnswer.Unknown("0 are kept")));
  }

  @Override
  public LedgerProofs proofs() {
    return proofs;
  }

  @Override
  public Stamp stamp() {
    return new Stamp(name, Instant.ofEpochMilli(clockMillis.getAsLong()));
  }

  @Override
  public NodeView node() {
    return new NodeView(
        name,
        id(name),
        "eu",
        "eu-a",
        "0.1.0",
        ready,
        false,
        Math.max(0, second() - START_SECOND),
        "Bouncy Castle",
        new NodeView.Mesh("demo", hash("mesh")));
  }

  @Override
  public List<MemberView> members() {
    List<MemberView> members = new ArrayList<>();
    long now = second();
    for (String node : NODES) {
      boolean self = node.equals(name);
      boolean lost = node.equals("ap-1") && troubled(now) && now % 180 >= 75;
      double load = 0.45 + 0.12 * wave(node, now, 60);
      members.add(
          new MemberView(
              node,
              id(node),
              node.substring(0, 2),
              node.substring(0, 2) + "-a",
              lost ? "dead" : node.equals("ap-1") && troubled(now) ? "suspect" : "alive",
              self,
              "10.0." + NODES.indexOf(node) + ".1:7800",
              self ? OptionalDouble.empty() : OptionalDouble.of(rtt(name, node, now)),
              self ? 0 : lost ? now % 180 - 75 + 1.4 : 0.2,
              lost ? OptionalDouble.empty() : OptionalDouble.of(load),
              lost ? OptionalDouble.empty() : OptionalDouble.of(load + 0.04),
              OptionalDouble.of(0.97 - 0.01 * NODES.indexOf(node)),
              lost ? "12 behind" : "in sync",
              headsRoot(lost ? 1 : 0),
              hash("rep" + (lost ? 1 : 0) + now / 2)));
    }
    return members;
  }

  private static double rtt(String from, String to, long now) {
    String pair = from.compareTo(to) < 0 ? from + to : to + from;
    double base = pair.equals("eu-1us-1") ? 81 : pair.equals("ap-1eu-1") ? 162 : 121;
    return base + 1.5 * wave(pair, now, 20);
  }

  @Override
  public List<LinkView> links() {
    List<LinkView> links = new ArrayList<>();
    long now = second();
    for (int i = 0; i < NODES.size(); i++) {
      for (int j = i + 1; j < NODES.size(); j++) {
        String from = NODES.get(i);
        String to = NODES.get(j);
        boolean down = to.equals("ap-1") && troubled(now) && now % 180 >= 75;
        links.add(
            new LinkView(
                from,
                to,
                OptionalDouble.of(rtt(from, to, now)),
                from.equals(name),
                OptionalDouble.of(down ? 0 : 6 + 3 * wave(from + to, now, 30)),
                down ? "down" : "up"));
      }
    }
    return links;
  }

  @Override
  public CompletionStage<List<ContractView>> contracts() {
    return CompletableFuture.completedFuture(
        List.of(
            new ContractView(
                "web-fast",
                new io.vertx.core.json.JsonObject().put("service", "web"),
                List.of(),
                "broken",
                "eu-1",
                Instant.EPOCH,
                10_000,
                180,
                6,
                List.of(
                    new ContractView.Subject(
                        "web/a",
                        "quarantined",
                        1,
                        4,
                        185,
                        List.of(
                            new ContractView.Window(
                                179,
                                Instant.EPOCH,
                                "failed",
                                50,
                                3,
                                0,
                                9_000,
                                400_000,
                                390_000,
                                410_000)))))));
  }

  @Override
  public CompletionStage<List<RouteView>> routes() {
    return CompletableFuture.completedFuture(
        List.of(
            new RouteView("shop", Map.of("services", List.of(Map.of("name", "orders"))), List.of()),
            new RouteView("torn", Map.of("x", 1), List.of("/x: unknown key 'x'"))));
  }

  @Override
  public CompletionStage<List<ExperimentView>> experiments() {
    return CompletableFuture.completedFuture(
        List.of(
            new ExperimentView(
                "try-prequal",
                "shop",
                "ab".repeat(32),
                "running",
                "",
                OptionalDouble.of(0.1),
                94,
                3,
                new ExperimentView.Arm(26_731, 2, OptionalDouble.of(5.412)),
                new ExperimentView.Arm(2_961, 1, OptionalDouble.of(8.037)),
                new ExperimentView.Change(
                    OptionalDouble.of(0.485), OptionalDouble.of(0.3157), OptionalDouble.empty()),
                0.0003,
                new ExperimentView.Evidence(4.502, -1.318, 5.298),
                Optional.empty())));
  }

  @Override
  public ClassesView classes(String service) {
    return new ClassesView(
        service,
        true,
        3,
        List.of(
            new ClassesView.Kind(
                1,
                "GET",
                "/items/{number}",
                "none",
                "bearer",
                "browser",
                "public",
                12.5,
                List.of(
                    new ClassesView.At(
                        service + "/eu-1",
                        12.5,
                        20.25,
                        Optional.of(19.5),
                        "model",
                        Optional.of(0.21),
                        400,
                        Optional.of(0.5),
                        Optional.empty())))));
  }

  @Override
  public CompletionStage<ExplanationView> explain(Question question) {
    return CompletableFuture.completedFuture(
        new ExplanationView(
            question.path(),
            "asked " + question,
            "shop",
            List.of("orders"),
            List.of(new ExplanationView.Asked("shop", 0, true, "")),
            List.of(
                new ExplanationView.Choice(
                    "orders",
                    "of two the better",
                    "",
                    "ms",
                    0.03,
                    List.of(
                        new ExplanationView.Candidate(
                            "orders/a",
                            "endpoint",
                            1,
                            "usable",
                            true,
                            2,
                            3,
                            Optional.of(12.5),
                            0.5,
                            1.25,
                            Optional.of(0.4),
                            Optional.of(37.5),
                            Optional.empty(),
                            Optional.of(0.9)))))));
  }

  @Override
  public CompletionStage<DirectoryView> directory() {
    return CompletableFuture.completedFuture(
        new DirectoryView(
            "running",
            false,
            3,
            2,
            0,
            7,
            Map.of("missing", 1L),
            List.of(
                new DirectoryView.Service(
                    "orders",
                    "http",
                    "skein",
                    List.of(),
                    "/",
                    List.of(
                        new DirectoryView.Endpoint(
                            "orders/eu-1", "http://127.0.0.1:9001", "eu", 1, 1))))));
  }

  @Override
  public List<ServiceView> services() {
    return List.of(service("orders", ENDPOINTS), service("payments", PAYMENTS));
  }

  private ServiceView service(String service, List<String> ids) {
    long now = second();
    List<EndpointView> endpoints = new ArrayList<>();
    double sum = ids.stream().mapToDouble(id -> rate(id, now)).sum();
    for (String id : ids) {
      String region = id.substring(id.indexOf('/') + 1, id.indexOf('/') + 3);
      boolean out = out(id, now);
      endpoints.add(
          new EndpointView(
              id,
              "http://10.0." + ids.indexOf(id) + ".20:9100",
              region + "-1",
              region,
              1,
              1,
              out ? "set-aside" : "healthy",
              out
                  ? id.endsWith("ap-1") ? "owner ap-1 unreachable" : "9 of 10 answers were 503"
                  : "",
              out ? 0 : (int) Math.max(0, 3 + 2 * wave(id, now, 11)),
              out ? Percentiles.NONE : new Percentiles(p50(id, now), p99(id, now)),
              sum == 0 ? Double.NaN : rate(id, now) / sum,
              OptionalDouble.of(score(id) / (double) (1L << 30)),
              new TreeMap<>(Map.of("cpu", 0.25)),
              List.of(
                  new CheckView(
                      Instant.ofEpochSecond(now), !out, p50(id, now), out ? "503" : "200"))));
    }
    return new ServiceView(
        service,
        "http",
        "skein",
        List.of(service + ".example"),
        "/",
        new ServiceView.Health("/health", 2_000, 1_000),
        500,
        Map.of(),
        List.of(),
        "",
        endpoints);
  }

  private double rate(String id, long second) {
    if (out(id, second)) {
      return 0;
    }
    double base = id.equals("orders/eu-2") ? 5 : id.startsWith("orders") ? 22 : 14;
    double spill = troubled(second) && id.startsWith("orders") ? 1.5 : 1;
    return Math.max(0, base * spill * (1 + 0.15 * wave(id, second, 45)));
  }

  private static double p50(String id, long second) {
    double base = id.equals("orders/eu-2") ? 104 : id.contains("us") ? 16 : 11;
    return base * (1 + 0.08 * wave(id, second, 25));
  }

  private static double p99(String id, long second) {
    return p50(id, second) * (2.1 + 0.4 * wave(id + "9", second, 13));
  }

  private static long score(String id) {
    double score =
        switch (id) {
          case "orders/eu-2" -> 0.61;
          case "orders/us-2" -> 0.48;
          default -> 0.995 - Math.floorMod(id.hashCode(), 30) / 1_000.0;
        };
    return (long) (score * (1L << 30));
  }

  @Override
  public OverviewView overview() {
    long now = second();
    double requests = 0;
    int healthy = 0;
    for (String id : all()) {
      requests += rate(id, now);
      healthy += out(id, now) ? 0 : 1;
    }
    boolean lost = troubled(now) && now % 180 >= 75;
    return new OverviewView(
        requests,
        failures("orders/us-2", now) + failures("orders/ap-1", now),
        new Percentiles(13.2 + wave("p", now, 40), 118 + 9 * wave("q", now, 17)),
        lost ? 2 : 3,
        3,
        healthy,
        all().size(),
        FakeLedger.records(now),
        1.5,
        3,
        headsRoot(0),
        hash("rep0" + now / 2),
        troubled(now) ? 1 : 0);
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>(ENDPOINTS);
    all.addAll(PAYMENTS);
    return all;
  }

  private int failures(String id, long second) {
    long phase = second % 180;
    boolean breaking = id.equals("orders/us-2") && phase >= 58 && phase < 60;
    return breaking ? 2 : 0;
  }

  @Override
  public List<ForecastView> forecast() {
    long now = second();
    List<ForecastView> forecasts = new ArrayList<>();
    for (String node : NODES) {
      double load = 40 + 10 * wave(node, now, 60);
      List<ForecastView.Horizon> horizons = new ArrayList<>();
      for (int ahead : new int[] {1, 5, 10, 30}) {
        double middle =
            40 + 10 * Math.sin((now + ahead) / 60.0 * 2 * Math.PI + node.hashCode() % 7);
        double spread = 2 + Math.sqrt(ahead) * 1.6;
        horizons.add(new ForecastView.Horizon(ahead, middle - spread, middle, middle + spread));
      }
      forecasts.add(
          new ForecastView(
              id(node),
              node,
              "requests/s",
              load,
              horizons,
              "double-exponential",
              OptionalDouble.of(0.83),
              OptionalDouble.of(60),
              node.equals("us-1") && troubled(now)
                  ? Optional.of(new ForecastView.Breach(0.34, 22))
                  : Optional.empty()));
    }
    return forecasts;
  }

  @Override
  public List<ShadowView> shadows() {
    long now = second();
    List<ShadowView> shadows = new ArrayList<>();
    for (String node : NODES) {
      shadows.add(
          new ShadowView(
              node,
              NODES.stream()
                  .filter(other -> !other.equals(node))
                  .map(other ->
                      new ShadowView.Shadow(
                          other,
                          other.substring(0, 2),
                          rtt(node, other, now),
                          0.5 + 0.1 * wave(other, now, 60),
                          80,
                          !other.equals("ap-1")))
                  .toList()));
    }
    return shadows;
  }

  @Override
  public CompletionStage<List<OwnerView>> owners() {
    List<OwnerView> owners = new ArrayList<>();
    for (String endpoint : ENDPOINTS) {
      owners.add(owner(endpoint, "endpoint"));
    }
    owners.add(owner("orders", "service"));
    if (troubled(second())) {
      owners.add(owner("ap-1", "node"));
    }
    return CompletableFuture.completedFuture(owners);
  }

  private static OwnerView owner(String subject, String kind) {
    return new OwnerView(
        subject,
        kind,
        subject,
        Optional.of("eu-1"),
        Optional.of("eu-1"),
        true,
        kind.equals("service") ? Optional.of("us-1") : Optional.empty(),
        kind.equals("service") ? 2 : 1);
  }

  @Override
  public List<HealingView> healing(int limit) {
    List<HealingView> repairs = new ArrayList<>();
    long now = second();
    for (long round = now - now % 180; repairs.size() < Math.min(limit, 9); round -= 180) {
      repair(repairs, round + 121, "ap-1", "node", "answers again for 3 s", "alive", "restore");
      repair(
          repairs, round + 120, "orders/us-2", "endpoint", "5 of 5 probes good", "well", "restore");
      repair(repairs, round + 75, "ap-1", "node", "socket closed, 2 peers agree", "dead", "shift");
      repair(
          repairs,
          round + 60,
          "orders/us-2",
          "endpoint",
          "9 of 10 answers 503",
          "failing",
          "set-aside");
    }
    return repairs.subList(0, Math.min(limit, repairs.size()));
  }

  private void repair(
      List<HealingView> into,
      long at,
      String subject,
      String kind,
      String signal,
      String diagnosis,
      String action) {
    if (at > second()) {
      return;
    }
    boolean ends = action.equals("restore");
    String cause = hash("heal" + (at - (kind.equals("node") ? 46 : 60)) + subject);
    into.add(
        new HealingView(
            hash("heal" + at + subject),
            Instant.ofEpochSecond(at),
            signal,
            signal,
            ends ? "" : "failures under 5.00 % instead of 10.00 %",
            ends ? "" : "worked",
            ends ? "" : "10.0 % of 200 failed, 5.0 ms → 0.0 % of 200 failed, 5.0 ms",
            ends ? "" : kind + "-" + diagnosis,
            diagnosis,
            action,
            kind.equals("node") ? id(subject) : subject,
            kind,
            subject,
            "us-1",
            ends ? "back in service" : second() - at < 40 ? "" : "no request failed afterwards",
            ends ? Optional.of(cause) : Optional.empty(),
            hash("heal" + at + subject)));
  }

  @Override
  public ReputationView reputation() {
    List<ReputationView.Subject> subjects = new ArrayList<>();
    for (String id : all()) {
      subjects.add(
          new ReputationView.Subject(id, id, "endpoint", Scores.ofQ30(score(id)), 3, 40, false));
    }
    for (String node : NODES) {
      subjects.add(
          new ReputationView.Subject(id(node), node, "node", Scores.ofQ30(1L << 29), 2, 40, true));
    }
    subjects.sort((a, b) -> b.score().compareTo(a.score()));
    List<ReputationView.Roots> roots = new ArrayList<>();
    for (MemberView member : members()) {
      roots.add(new ReputationView.Roots(member.name(), member.headsRoot(), member.repRoot()));
    }
    return new ReputationView(
        second() / 2, headsRoot(0), hash("rep0" + second() / 2), roots, subjects);
  }

  @Override
  public CompletionStage<Optional<WhyView>> why(String subject) {
    return CompletableFuture.completedFuture(
        reputation().subjects().stream()
            .filter(one -> one.subject().equals(subject))
            .findFirst()
            .map(this::why));
  }

  private WhyView why(ReputationView.Subject subject) {
    return new WhyView(
        subject.subject(),
        subject.name(),
        subject.kind(),
        subject.score(),
        second() / 2,
        "3 raters agree within 0.01; the short ring decides.",
        subject.score(),
        subject.score(),
        NODES.stream()
            .map(rater ->
                new WhyView.Rater(
                    id(rater),
                    rater,
                    subject.score(),
                    33,
                    "",
                    subject.score(),
                    subject.score(),
                    4,
                    33,
                    1_900,
                    12,
                    List.of(
                        new WhyView.Window(second() / 2, 44, 1, ledger.record(rater, 5).hash()))))
            .toList());
  }

  @Override
  public CompletionStage<Optional<HistoryView>> history(String subject) {
    return CompletableFuture.completedFuture(
        reputation().subjects().stream()
            .filter(one -> one.subject().equals(subject))
            .findFirst()
            .map(one ->
                new HistoryView(
                    subject,
                    2_000,
                    List.of(new HistoryView.Point(second() / 2, one.score(), one.raters())))));
  }

  private String headsRoot(int behind) {
    return ledger.headsRoot(behind);
  }

  @Override
  public CompletionStage<HeadsView> newestHeads() {
    return CompletableFuture.completedFuture(heads());
  }

  @Override
  public HeadsView heads() {
    return ledger.heads();
  }

  @Override
  public CompletionStage<LedgerView> ledger() {
    return CompletableFuture.completedFuture(ledger.summary());
  }

  @Override
  public CompletionStage<LedgerAnswer<LedgerPageView>> search(LedgerQuery query) {
    return CompletableFuture.completedFuture(ledger.search(query));
  }

  @Override
  public CompletionStage<LedgerAnswer<DigestView>> digest(DigestQuery query) {
    return CompletableFuture.completedFuture(ledger.digest(query));
  }

  @Override
  public CompletionStage<Optional<FeedPageView>> feedPage(
      String author, long epoch, long from, int limit) {
    return CompletableFuture.completedFuture(ledger.feedPage(author, epoch, from, limit));
  }

  @Override
  public CompletionStage<Optional<RecordView>> record(String hash) {
    return CompletableFuture.completedFuture(ledger.record(hash));
  }

  @Override
  public List<RecordView> tail(int limit) {
    return ledger.tail(limit);
  }

  @Override
  public List<InviteView> invites() {
    return List.of(
        new InviteView(
            hash("invite"),
            "eu-1",
            8,
            2,
            Instant.ofEpochSecond(START_SECOND + 86_400),
            hash("i"),
            6,
            "id-of-eu-1",
            "open"));
  }

  @Override
  public List<ReadyCheck> readiness() {
    return List.of(
        new ReadyCheck("ledger", true, "3 feeds"),
        new ReadyCheck("listeners", ready, ready ? "" : "draining"));
  }

  @Override
  public TrafficView traffic(Optional<String> service, int seconds) {
    long from = second() - seconds + 1;
    List<TrafficView.Service> services = new ArrayList<>();
    for (ServiceView one : services()) {
      if (service.isEmpty() || service.get().equals(one.name())) {
        List<String> ids = one.endpoints().stream().map(EndpointView::id).toList();
        services.add(
            new TrafficView.Service(
                one.name(),
                series(ids, from, seconds),
                ids.stream()
                    .map(id -> new TrafficView.Endpoint(id, series(List.of(id), from, seconds)))
                    .toList()));
      }
    }
    List<String> ids =
        services.stream().flatMap(one -> one.endpoints().stream()).map(e -> e.endpoint()).toList();
    return new TrafficView(from, 1, series(ids, from, seconds), services);
  }

  private TrafficView.Series series(List<String> ids, long from, int seconds) {
    List<Integer> requests = new ArrayList<>();
    List<Integer> failures = new ArrayList<>();
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    for (long second = from; second < from + seconds; second++) {
      double sum = 0;
      int failed = 0;
      double slow = Double.NaN;
      double middle = Double.NaN;
      for (String id : ids) {
        sum += rate(id, second);
        failed += failures(id, second);
        if (!out(id, second)) {
          middle = Double.isNaN(middle) ? p50(id, second) : Math.min(middle, p50(id, second));
          slow = Double.isNaN(slow) ? p99(id, second) : Math.max(slow, p99(id, second));
        }
      }
      requests.add((int) Math.round(sum));
      failures.add(failed);
      p50.add(middle);
      p99.add(slow);
    }
    return new TrafficView.Series(requests, failures, p50, p99);
  }

  @Override
  public List<EventView> events(int limit) {
    List<EventView> events = new ArrayList<>();
    for (HealingView repair : healing(limit)) {
      boolean ends = repair.action().equals("restore");
      events.add(
          new EventView(
              repair.at().getEpochSecond() - START_SECOND + 1_000,
              repair.at(),
              repair.subjectKind().equals("node") ? "member" : "endpoint",
              ends ? "info" : "warning",
              repair.subjectName(),
              repair.subjectName() + ": " + repair.diagnosis() + ", " + repair.action()));
    }
    return events;
  }
}
