package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Faults that anybody can make who reaches a node's API, without access to its machine.
final class ApiFault implements Fault {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int CHURN_PAUSE_MILLIS = 20;
  private static final int STALLED = 200;
  private static final String SERVICE = "/v1/services/chaos-churn-";

  private final Step step;
  private final Target target;
  private final List<Socket> stalled = new ArrayList<>();
  private int changes;

  ApiFault(Step step, Target target) {
    this.step = step;
    this.target = target;
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    return bare;
  }

  @Override
  public void begin() {
    if (step.kind() == Kind.STALLED_CLIENTS) {
      for (int i = 0; i < STALLED; i++) {
        stall();
      }
    }
  }

  /// A client that begins a request and never ends it.
  private void stall() {
    Socket socket = new Socket();
    try {
      socket.connect(target.traffic().socketAddress(), TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write("GET /stalled HTTP/1.1\r\nHost: chaos".getBytes(StandardCharsets.US_ASCII));
      stalled.add(socket);
    } catch (IOException _) {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  @Override
  public void last(long millis) throws InterruptedException {
    if (step.kind() != Kind.CHURN) {
      TimeUnit.MILLISECONDS.sleep(millis);
      return;
    }
    long deadline = System.nanoTime() + millis * 1_000_000;
    for (int i = 0; System.nanoTime() < deadline; i++) {
      String path = SERVICE + i % 8;
      boolean puts = i / 8 % 2 == 0;
      String body =
          puts ? Json.object().with("policy", "round-robin").with("path", "/c").toString() : "";
      Http.Outcome outcome =
          Http.send(target.api(), puts ? "PUT" : "DELETE", path, body, TIMEOUT_MILLIS);
      changes += outcome.good() ? 1 : 0;
      TimeUnit.MILLISECONDS.sleep(CHURN_PAUSE_MILLIS);
    }
  }

  @Override
  public Proof proof() {
    return step.kind() == Kind.CHURN
        ? new Proof(changes > 0, target.name() + ": " + changes + " changes")
        : new Proof(!stalled.isEmpty(), target.name() + ": " + stalled.size() + " connections");
  }

  @Override
  public void end() {
    stalled.forEach(ApiFault::close);
    for (int i = 0; i < 8 && step.kind() == Kind.CHURN; i++) {
      Http.send(target.api(), "DELETE", SERVICE + i, "", TIMEOUT_MILLIS);
    }
  }
}
