package io.skein.proxy.load;

import io.skein.routing.candidate.LoadReport;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads load reports from fields of answers and trailers, in the forms that ORCA knows:
///
/// | field | value |
/// |---|---|
/// | `endpoint-load-metrics` | `TEXT cpu_utilization=0.3, named_metrics.queue=0.5` |
/// | | `JSON {"cpu_utilization": 0.3, "named_metrics": {"queue": 0.5}}` |
/// | | `BIN ` and the Base64 of an `OrcaLoadReport` |
/// | `endpoint-load-metrics-bin` | the Base64 alone, with or without padding |
/// | `endpoint-load-metrics-json` | the JSON alone |
///
/// Short names (`cpu`, `mem`, `application`, `rps`) and those of the JSON mapping of Protocol
/// Buffers (`cpuUtilization`) count as well. Anything that is no report, too long, negative or not
/// finite makes the whole field count for nothing. Of named figures the first
/// [LoadReport#MAX_NAMED] count; costs of single requests are passed over.
public final class LoadReportReader {
  /// The longest value that is looked at.
  public static final int MAX_CHARS = 4 << 10;

  private static final String FIELD = "endpoint-load-metrics";

  private double cpu;
  private double memory;
  private double application;
  private double requestsPerSecond;
  private double errorsPerSecond;
  private final TreeMap<String, Double> named = new TreeMap<>();

  private LoadReportReader() {}

  /// The report in a field, if it is one. Any thread.
  ///
  /// @param name of the field, in any case
  public static Optional<LoadReport> read(CharSequence name, CharSequence value) {
    if (value.length() > MAX_CHARS) {
      return Optional.empty();
    }
    LoadReportReader reader = new LoadReportReader();
    try {
      reader.field(name.toString().toLowerCase(Locale.ROOT), value.toString().strip());
      return Optional.of(
          new LoadReport(
              reader.cpu,
              reader.memory,
              reader.application,
              reader.requestsPerSecond,
              reader.errorsPerSecond,
              reader.named));
    } catch (IllegalArgumentException | DecodeException _) {
      return Optional.empty();
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case FIELD -> {
        int space = value.indexOf(' ');
        String form = space < 0 ? "" : value.substring(0, space);
        String rest = value.substring(space + 1).strip();
        switch (form) {
          case "TEXT" -> text(rest);
          case "JSON" -> json(rest);
          case "BIN" -> binary(rest);
          default -> throw new IllegalArgumentException("form: '" + form + "'");
        }
      }
      case FIELD + "-bin" -> binary(value);
      case FIELD + "-json" -> json(value);
      default -> throw new IllegalArgumentException("field: '" + name + "'");
    }
  }

  private void text(String text) {
    int from = 0;
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      int equals = text.indexOf('=', from);
      if (equals < 0 || equals >= end) {
        throw new IllegalArgumentException("no figure in '" + text.substring(from, end) + "'");
      }
      String key = text.substring(from, equals).strip();
      double figure = Double.parseDouble(text.substring(equals + 1, end).strip());
      int dot = key.indexOf('.');
      if (dot < 0) {
        take(key, figure);
      } else {
        takeNamed(key.substring(0, dot), key.substring(dot + 1), figure);
      }
      from = end + 1;
    }
  }

  private void json(String text) {
    for (Map.Entry<String, Object> member : new JsonObject(text)) {
      if (member.getValue() instanceof JsonObject figures) {
        for (Map.Entry<String, Object> one : figures) {
          takeNamed(member.getKey(), one.getKey(), figure(one.getValue()));
        }
      } else {
        take(member.getKey(), figure(member.getValue()));
      }
    }
  }

  private static double figure(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("a figure that is no number");
  }

  private void take(String key, double figure) {
    switch (key) {
      case "cpu", "cpu_utilization", "cpuUtilization" -> cpu = figure;
      case "mem", "mem_utilization", "memUtilization" -> memory = figure;
      case "application", "application_utilization", "applicationUtilization" ->
          application = figure;
      case "rps", "rps_fractional", "rpsFractional" -> requestsPerSecond = figure;
      case "eps" -> errorsPerSecond = figure;
      default -> {
        // What a later version of the report adds.
      }
    }
  }

  private void takeNamed(String group, String key, double figure) {
    boolean counts =
        switch (group) {
          case "named_metrics", "namedMetrics", "utilization" -> true;
          default -> false;
        };
    if (counts && named.size() < LoadReport.MAX_NAMED) {
      if (key.isEmpty()
          || key.length() > LoadReport.MAX_NAME
          || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException("named figure: " + key.length() + " characters");
      }
      named.put(key, figure);
    }
  }

  private void binary(String base64) {
    int end = base64.length();
    while (end > 0 && base64.charAt(end - 1) == '=') {
      end--;
    }
    message(new Wire(Base64.getDecoder().decode(base64.substring(0, end))));
  }

  /// `OrcaLoadReport` of xds.data.orca.v3.
  private void message(Wire wire) {
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> cpu = wire.fixed();
        case 2 -> memory = wire.fixed();
        case 6 -> requestsPerSecond = wire.fixed();
        case 7 -> errorsPerSecond = wire.fixed();
        case 9 -> application = wire.fixed();
        case 5 -> entry("utilization", wire.message());
        case 8 -> entry("named_metrics", wire.message());
        default -> wire.skip();
      }
    }
  }

  private void entry(String group, Wire wire) {
    String key = "";
    double figure = 0;
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> key = wire.text();
        case 2 -> figure = wire.fixed();
        default -> wire.skip();
      }
    }
    takeNamed(group, key, figure);
  }

  /// Reads the wire format of Protocol Buffers; throws `IllegalArgumentException` where it is none.
  private static final class Wire {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private int at;
    private final int end;
    private long tag;

    Wire(byte[] bytes) {
      this(bytes, 0, bytes.length);
    }

    private Wire(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    boolean next() {
      if (at == end) {
        return false;
      }
      tag = varint();
      return true;
    }

    int field() {
      return (int) Math.min(Integer.MAX_VALUE, tag >>> 3);
    }

    private void require(int type) {
      if ((tag & 7) != type) {
        throw new IllegalArgumentException("wire type: " + (tag & 7) + " (expected: " + type + ")");
      }
    }

    double fixed() {
      require(FIXED64);
      int from = advance(Long.BYTES);
      long value = 0;
      for (int i = Long.BYTES - 1; i >= 0; i--) {
        value = value << 8 | (bytes[from + i] & 0xff);
      }
      return Double.longBitsToDouble(value);
    }

    Wire message() {
      require(BYTES);
      long length = varint();
      int from = advance(length);
      return new Wire(bytes, from, at);
    }

    String text() {
      Wire inner = message();
      return new String(bytes, inner.at, inner.end - inner.at, StandardCharsets.UTF_8);
    }

    void skip() {
      switch ((int) (tag & 7)) {
        case VARINT -> varint();
        case FIXED64 -> advance(8);
        case BYTES -> advance(varint());
        case FIXED32 -> advance(4);
        default -> throw new IllegalArgumentException("wire type: " + (tag & 7));
      }
    }

    private int advance(long count) {
      if (count < 0 || count > end - at) {
        throw new IllegalArgumentException("length: " + count);
      }
      int from = at;
      at += (int) count;
      return from;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = bytes[advance(1)];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("varint: more than ten bytes");
    }
  }
}
