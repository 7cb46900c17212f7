package io.skein.proxy.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.LoadReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadReportReaderTest {
  private static final String FIELD = "Endpoint-Load-Metrics";
  private static final LoadReport REPORT =
      new LoadReport(0.3, 0.8, 0.5, 10.5, 1, new TreeMap<>(Map.of("queue", 0.4)));

  /// The message as its definition says, put together by hand.
  private static byte[] message() {
    ByteBuffer out = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x09).putDouble(0.3);
    out.put((byte) 0x11).putDouble(0.8);
    out.put((byte) 0x18).put((byte) 10);
    out.put((byte) 0x31).putDouble(10.5);
    out.put((byte) 0x39).putDouble(1);
    byte[] name = "queue".getBytes(StandardCharsets.US_ASCII);
    out.put((byte) 0x42).put((byte) (2 + name.length + 9));
    out.put((byte) 0x0a).put((byte) name.length).put(name);
    out.put((byte) 0x11).putDouble(0.4);
    out.put((byte) 0x49).putDouble(0.5);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  @Test
  void readsEveryForm() {
    String padded = Base64.getEncoder().encodeToString(message());
    String bare = Base64.getEncoder().withoutPadding().encodeToString(message());
    String text =
        "cpu_utilization=0.3, mem_utilization=0.8,rps_fractional=10.5,eps=1,"
            + "application_utilization=0.5, named_metrics.queue=0.4";
    String json =
        "{\"cpu_utilization\":0.3,\"memUtilization\":0.8,\"rps_fractional\":10.5,\"eps\":1,"
            + "\"application_utilization\":0.5,\"named_metrics\":{\"queue\":0.4},\"later\":1}";
    Optional<LoadReport> expected = Optional.of(REPORT);
    assertEquals(expected, LoadReportReader.read(FIELD, "TEXT " + text));
    assertEquals(expected, LoadReportReader.read(FIELD, "JSON " + json));
    assertEquals(expected, LoadReportReader.read(FIELD, "BIN " + padded));
    assertEquals(expected, LoadReportReader.read(FIELD + "-Bin", padded));
    assertEquals(expected, LoadReportReader.read(FIELD + "-bin", bare));
    assertEquals(expected, LoadReportReader.read(FIELD + "-json", json));
    assertEquals(0.5, REPORT.utilisation());
    assertEquals(0.25, LoadReportReader.read(FIELD, "TEXT cpu=0.25").orElseThrow().utilisation());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TEXT",
        "TEXT ",
        "TEXT cpu",
        "TEXT cpu=",
        "TEXT cpu=half",
        "TEXT cpu=-1",
        "TEXT cpu=NaN",
        "TEXT cpu=1e300",
        "TEXT cpu=0.1,",
        "TEXT named_metrics.=1",
        "text cpu=0.1",
        "JSON",
        "JSON []",
        "JSON {",
        "JSON {\"cpu_utilization\":\"0.3\"}",
        "JSON {\"named_metrics\":{\"a\":null}}",
        "BIN !",
        "BIN CQ",
        "XML <cpu/>"
      })
  void whatIsNoReportCountsForNothing(String value) {
    assertEquals(Optional.empty(), LoadReportReader.read(FIELD, value));
  }

  @Test
  void isBounded() {
    StringBuilder many = new StringBuilder("TEXT cpu=0.1");
    for (int i = 0; i < 100; i++) {
      many.append(",named_metrics.n").append(i).append("=1");
    }
    LoadReport report = LoadReportReader.read(FIELD, many).orElseThrow();
    assertEquals(LoadReport.MAX_NAMED, report.named().size());
    many.append(",x=1".repeat(1_000));
    assertTrue(LoadReportReader.read(FIELD, many).isEmpty());
  }

  @Test
  void survivesAnyBytes() {
    SplittableRandom random = new SplittableRandom(3);
    byte[] good = message();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var _ = LoadReportReader.read(FIELD + "-bin", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
