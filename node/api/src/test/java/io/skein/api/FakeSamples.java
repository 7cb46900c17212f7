package io.skein.api;

import static io.skein.api.FakeFigures.START_SECOND;
import static io.skein.api.FakeFigures.hash;

import io.skein.api.view.ClassesView;
import io.skein.api.view.ContractView;
import io.skein.api.view.DirectoryView;
import io.skein.api.view.ExperimentView;
import io.skein.api.view.ExplanationView;
import io.skein.api.view.InviteView;
import io.skein.api.view.RouteView;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// One of each: what a [FakeMesh] answers where nothing depends on its clock.
final class FakeSamples {
  private FakeSamples() {}

  static List<ContractView> contracts() {
    return List.of(
        new ContractView(
            "web-fast",
            new JsonObject().put("service", "web"),
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
                            410_000))))));
  }

  static List<RouteView> routes() {
    return List.of(
        new RouteView("shop", Map.of("services", List.of(Map.of("name", "orders"))), List.of()),
        new RouteView("torn", Map.of("x", 1), List.of("/x: unknown key 'x'")));
  }

  static List<ExperimentView> experiments() {
    return List.of(
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
            Optional.empty()));
  }

  static ClassesView classes(String service) {
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

  static ExplanationView explain(MeshView.Question question) {
    return new ExplanationView(
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
                        Optional.of(0.9))))));
  }

  static DirectoryView directory() {
    return new DirectoryView(
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
                        "orders/eu-1", "http://127.0.0.1:9001", "eu", 1, 1)))));
  }

  static List<InviteView> invites() {
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
}
