package io.skein.api;

import static io.skein.api.FakeFigures.ENDPOINTS;
import static io.skein.api.FakeFigures.PAYMENTS;
import static io.skein.api.FakeFigures.failures;
import static io.skein.api.FakeFigures.out;
import static io.skein.api.FakeFigures.p50;
import static io.skein.api.FakeFigures.p99;
import static io.skein.api.FakeFigures.rate;
import static io.skein.api.FakeFigures.score;
import static io.skein.api.FakeFigures.wave;

import io.skein.api.view.CheckView;
import io.skein.api.view.EndpointView;
import io.skein.api.view.Percentiles;
import io.skein.api.view.ServiceView;
import io.skein.api.view.TrafficView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The services of a [FakeMesh], their endpoints and the requests they get.
final class FakeTraffic {
  private final LongSupplier clockMillis;

  FakeTraffic(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  List<ServiceView> services() {
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

  TrafficView traffic(Optional<String> service, int seconds) {
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
}
