package io.skein.app.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// Reads one node's API, as any script would.
final class NodeApi {
  private final HttpClient http;
  private final String base;

  NodeApi(HttpClient http, int port) {
    this.http = http;
    this.base = "http://127.0.0.1:" + port;
  }

  /// The JSON at `path`; empty while the node does not answer with 200.
  Optional<JsonObject> get(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(base + path))
                  .timeout(Duration.ofSeconds(2))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? Optional.of(new JsonObject(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean ready() throws InterruptedException {
    return get("/v1/node").map(node -> node.getBoolean("ready", false)).orElse(false);
  }

  /// The member of that name as this node sees it: its state, or empty if it is not listed.
  Optional<String> stateOf(String member) throws InterruptedException {
    return get("/v1/members")
        .flatMap(answer -> find(answer.getJsonArray("members"), "name", member))
        .map(entry -> entry.getString("state"));
  }

  long aliveMembers() throws InterruptedException {
    return get("/v1/members")
        .map(answer ->
            answer.getJsonArray("members").stream()
                .map(JsonObject.class::cast)
                .filter(member -> "alive".equals(member.getString("state")))
                .count())
        .orElse(0L);
  }

  /// The endpoint's state as this node routes by it.
  Optional<JsonObject> endpoint(String service, String endpoint) throws InterruptedException {
    return get("/v1/services")
        .flatMap(answer -> find(answer.getJsonArray("services"), "name", service))
        .flatMap(entry -> find(entry.getJsonArray("endpoints"), "id", endpoint));
  }

  Optional<String> headsRoot() throws InterruptedException {
    return get("/v1/ledger/heads").map(answer -> answer.getString("headsRoot"));
  }

  /// `headsRoot repRoot` of the reputation this node computed.
  Optional<String> reputationRoots() throws InterruptedException {
    return get("/v1/reputation")
        .map(answer -> answer.getString("headsRoot") + " " + answer.getString("repRoot"));
  }

  private static Optional<JsonObject> find(JsonArray array, String key, String value) {
    for (int i = 0; i < array.size(); i++) {
      if (value.equals(array.getJsonObject(i).getString(key))) {
        return Optional.of(array.getJsonObject(i));
      }
    }
    return Optional.empty();
  }
}
