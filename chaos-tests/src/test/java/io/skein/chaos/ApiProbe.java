package io.skein.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// Asks one node, over its API and through its listener, as any client would.
public final class ApiProbe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String api;
  private final String traffic;

  /// @param api base of the API, without a slash at the end
  /// @param traffic base of the listener for clients
  ApiProbe(String api, String traffic) {
    this.api = api;
    this.traffic = traffic;
  }

  /// Status of a GET to the API; 0 if there was no answer.
  public int status(String path) throws InterruptedException {
    return statusOf(api + path);
  }

  /// Status of one request through the balancer; 0 if there was no answer.
  int request() throws InterruptedException {
    return statusOf(traffic + "/");
  }

  private int statusOf(String uri) throws InterruptedException {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(uri)).timeout(LIMIT).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /// The JSON at `path` of the API, if the node answers with 200.
  public Optional<JsonNode> get(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(api + path)).timeout(LIMIT).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Sends a mutation and returns its status and body.
  public HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Content-Type", "application/json")
            .timeout(LIMIT)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /// Appends a record; its hash once the node acknowledged it as durable.
  public Optional<String> put(String path, String body) throws InterruptedException {
    try {
      HttpResponse<String> answer = send("PUT", path, body);
      return answer.statusCode() == 202
          ? Optional.of(JSON.readTree(answer.body()).get("record").asText())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// A join token of `uses` uses that ends after `seconds`.
  public String invite(int uses, long seconds) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send("POST", "/v1/invites", "{\"uses\":" + uses + ",\"expiresInSeconds\":" + seconds + "}");
    if (answer.statusCode() != 201) {
      throw new AssertionError("no invite: " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body()).get("token").asText();
  }

  /// Members this node holds alive, itself included; 0 if it does not answer.
  long aliveMembers() throws InterruptedException {
    long alive = 0;
    Optional<JsonNode> members = get("/v1/members");
    if (members.isPresent()) {
      for (JsonNode member : members.get().get("members")) {
        if (member.get("state").asText().equals("alive")) {
          alive++;
        }
      }
    }
    return alive;
  }

  /// Root over the heads of all feeds it holds; empty if it does not answer.
  String headsRoot() throws InterruptedException {
    return get("/v1/ledger/heads").map(heads -> heads.get("headsRoot").asText()).orElse("");
  }

  /// Heads and scores in one: equal on two nodes if they hold the same records and derive the same
  /// reputations. Empty if it does not answer.
  String roots() throws InterruptedException {
    return get("/v1/reputation")
        .map(seen -> seen.get("headsRoot").asText() + " " + seen.get("repRoot").asText())
        .orElse("");
  }

  /// The JSON at `path`; fails if the node does not answer with 200.
  public JsonNode page(String path) throws InterruptedException {
    return get(path).orElseThrow(() -> new AssertionError(api + path + ": no answer with 200"));
  }
}
