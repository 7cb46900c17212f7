package io.skein.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/// Log events as JSON, one object a line: `time` (ISO 8601, UTC), `level`, `logger`, `message`,
/// then the event's own fields, then `error` with its stack if there is one. A field named like one
/// of those is kept under `field.NAME`.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    JsonObject line =
        new JsonObject()
            .put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      event
          .getKeyValuePairs()
          .forEach(pair ->
              line.put(
                  line.containsKey(pair.key) ? "field." + pair.key : pair.key,
                  pair.value instanceof Number || pair.value instanceof Boolean
                      ? pair.value
                      : String.valueOf(pair.value)));
    }
    if (event.getThrowableProxy() != null) {
      line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
