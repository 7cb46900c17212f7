package io.skein.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.skein.api.view.ScoreView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Writes views as JSON. A record becomes an object with a member per component, in order; what is
/// unknown (`NaN`, an empty optional) becomes `null`; other floating-point numbers are rounded to
/// four places, decimals are written in full.
final class Rendering {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          return type.getRecordComponents();
        }
      };

  private Rendering() {}

  /// `value` as JSON text.
  static String json(Object value) {
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer does not fail", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case ScoreView score -> out.writeNumber(score.toString());
      case Number number -> writeRounded(out, number.doubleValue());
      case OptionalDouble number -> writeRounded(out, number.orElse(Double.NaN));
      case Optional<?> inner -> write(out, inner.orElse(null));
      case Instant instant -> out.writeString(instant.toString());
      case JsonObject object -> writeMembers(out, object.getMap());
      case JsonArray array -> writeItems(out, array.getList());
      case Map<?, ?> map -> writeMembers(out, map);
      case Iterable<?> items -> writeItems(out, items);
      case Record view -> writeRecord(out, view);
      default -> throw new IllegalArgumentException("no JSON form: " + value.getClass());
    }
  }

  private static void writeRounded(JsonGenerator out, double number) throws IOException {
    if (!Double.isFinite(number)) {
      out.writeNull();
    } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      out.writeNumber((long) number);
    } else if (Math.abs(number) < 1e11) {
      out.writeNumber(Math.round(number * 1e4) / 1e4);
    } else {
      out.writeNumber(number);
    }
  }

  private static void writeMembers(JsonGenerator out, Map<?, ?> members) throws IOException {
    out.writeStartObject();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (member.getValue() instanceof Flat(Record view)) {
        writeComponents(out, view);
      } else {
        out.writeFieldName(member.getKey().toString());
        write(out, member.getValue());
      }
    }
    out.writeEndObject();
  }

  private static void writeItems(JsonGenerator out, Iterable<?> items) throws IOException {
    out.writeStartArray();
    for (Object item : items) {
      write(out, item);
    }
    out.writeEndArray();
  }

  private static void writeRecord(JsonGenerator out, Record view) throws IOException {
    out.writeStartObject();
    writeComponents(out, view);
    out.writeEndObject();
  }

  private static void writeComponents(JsonGenerator out, Record view) throws IOException {
    for (RecordComponent component : COMPONENTS.get(view.getClass())) {
      out.writeFieldName(component.getName());
      try {
        write(out, component.getAccessor().invoke(view));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("not a public record: " + view.getClass(), e);
      }
    }
  }

  /// As a map's value: its components become members of the surrounding object.
  record Flat(Record view) {}
}
