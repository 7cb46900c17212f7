package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How classes of requests are shown.
final class ClassesTest {
  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aRowForEachClassAndEndpoint() {
    node.on(
        "GET /v1/services/web/classes",
        200,
        """
        {"service":"web","learned":true,"lost":0,"classes":[
          {"number":1,"method":"GET","template":"/items/{number}","payload":"none",
           "credential":"bearer","client":"browser","origin":"public","requestsPerSecond":14,
           "endpoints":[
            {"endpoint":"web/a","requestsPerSecond":10,"latencyMs":20.25,"predictedMs":19.5,
             "basis":"model","error":0.21,"samples":400,"cpu":0.5,"memory":0.25},
            {"endpoint":"web/b","requestsPerSecond":2.5,"latencyMs":40,"basis":"nothing",
             "samples":3}]},
          {"number":0,"method":"","template":"","payload":"","credential":"","client":"",
           "origin":"","requestsPerSecond":0.5,"endpoints":[
            {"endpoint":"web/a","requestsPerSecond":0.5,"latencyMs":7,"predictedMs":7.5,
             "basis":"class","error":0.4,"samples":90}]}]}
        """);

    Ran ran = Ran.of(Map.of("SKEIN_API", node.url()), false, "classes", "web");

    assertEquals(
        """
        CLASS                REQUESTS/S  ENDPOINT  SHARE  LATENCY  PREDICTED  BY       ERROR  CPU   MEM
        GET /items/{number}  14          web/a     80 %   20 ms    20 ms      model    21 %   50 %  25 %
        GET /items/{number}  14          web/b     20 %   40 ms    -          nothing  -      -     -
        all others           0.5         web/a     100 %  7.0 ms   7.5 ms     class    40 %   -     -
        """,
        ran.out());
  }
}
