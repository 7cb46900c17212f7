package io.skein.proxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final AccessEntry ENTRY =
      new AccessEntry(
          Instant.parse("2026-01-02T03:04:05Z"),
          "127.0.0.1",
          "GET",
          "shop.example",
          "/a?b=\"c\"\n",
          "agent \\ 1",
          "",
          "shop",
          "e1",
          200,
          3,
          1024,
          1_500_000,
          2,
          "retry_ok",
          new Passage(
              "2", "TLSv1.3", "shop.example", "10.0.0.1:80", "0af7651916cd43dd8448eb211c80319c"));

  @Test
  void writesOneJsonObjectALineWithEcsNames() {
    StringWriter out = new StringWriter();
    AccessLog log = AccessLog.to(out, AccessFormat.JSON, 8);
    log.write(ENTRY);
    log.close();
    assertEquals(
        "{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"ecs.version\":\"8.11\","
            + "\"client.address\":\"127.0.0.1\",\"http.request.method\":\"GET\","
            + "\"url.domain\":\"shop.example\",\"url.original\":\"/a?b=\\\"c\\\"\\u000a\","
            + "\"user_agent.original\":\"agent \\\\ 1\",\"service.name\":\"shop\","
            + "\"skein.endpoint\":\"e1\",\"http.response.status_code\":200,"
            + "\"http.request.body.bytes\":3,\"http.response.body.bytes\":1024,"
            + "\"event.duration\":1500000,\"skein.tries\":2,\"event.reason\":\"retry_ok\","
            + "\"http.version\":\"2\",\"upstream.address\":\"10.0.0.1:80\","
            + "\"tls.version\":\"TLSv1.3\",\"tls.client.server_name\":\"shop.example\","
            + "\"trace.id\":\"0af7651916cd43dd8448eb211c80319c\"}\n",
        out.toString());
    assertEquals(1, log.written());
  }

  @Test
  void writesTheCombinedFormat() {
    StringWriter out = new StringWriter();
    AccessLog log = AccessLog.to(out, AccessFormat.COMBINED, 8);
    log.write(ENTRY);
    log.close();
    assertEquals(
        "127.0.0.1 - - [02/Jan/2026:03:04:05 +0000] \"GET /a?b=\\\"c\\\"\\u000a HTTP/2\" 200 1024"
            + " \"-\" \"agent \\\\ 1\" retry_ok shop e1 1.500\n",
        out.toString());
  }

  @Test
  void writesTheCommonFormat() {
    StringWriter out = new StringWriter();
    AccessLog log = AccessLog.to(out, AccessFormat.COMMON, 8);
    log.write(ENTRY);
    log.close();
    assertEquals(
        "127.0.0.1 - - [02/Jan/2026:03:04:05 +0000] \"GET /a?b=\\\"c\\\"\\u000a HTTP/2\" 200"
            + " 1024\n",
        out.toString());
  }

  @Test
  void losesAndCountsLinesInsteadOfWaiting() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    StringBuilder written = new StringBuilder();
    Writer slow =
        new Writer() {
          @Override
          public void write(char[] chars, int offset, int length) throws IOException {
            begun.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            written.append(chars, offset, length);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    AccessLog log = AccessLog.to(slow, AccessFormat.COMBINED, 4);
    log.write(ENTRY);
    begun.await();
    for (int i = 0; i < 10; i++) {
      log.write(ENTRY);
    }
    assertEquals(6, log.lost());
    go.countDown();
    log.close();
    assertEquals(5, log.written());
    assertEquals(5, written.toString().lines().count());
    log.write(ENTRY);
    assertEquals(7, log.lost());
  }

  @Test
  void isOffUntilAskedFor() {
    AccessLog off = AccessLog.off();
    assertFalse(off.enabled());
    off.write(ENTRY);
    assertEquals(0, off.lost());
    off.close();
    assertTrue(AccessLog.to(Writer.nullWriter(), AccessFormat.JSON, 1).enabled());
  }

  @Test
  void turnsToAnotherWriterWithoutLosingALine() throws Exception {
    StringWriter first = new StringWriter();
    StringWriter second = new StringWriter();
    CountDownLatch closed = new CountDownLatch(1);
    Writer watched =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) {
            first.write(text, from, length);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {
            closed.countDown();
          }
        };
    AccessLog log = AccessLog.off(64);
    log.turnTo(watched, AccessFormat.COMMON);
    for (int i = 0; i < 20; i++) {
      log.write(ENTRY);
    }
    log.turnTo(second, AccessFormat.JSON);
    assertTrue(closed.await(20, TimeUnit.SECONDS), "the old writer is closed");
    log.write(ENTRY);
    log.turnOff();
    log.write(ENTRY);
    log.close();

    assertEquals(0, log.lost());
    assertEquals(20, first.toString().lines().count());
    assertEquals(1, second.toString().lines().count());
    assertTrue(first.toString().lines().allMatch(line -> line.startsWith("127.0.0.1")));
    assertTrue(second.toString().endsWith("}\n"));
  }
}
