package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.api.view.Percentiles;
import io.skein.api.view.ScoreView;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RenderingTest {
  @Test
  void whatIsUnknownIsNull() {
    assertEquals("{\"p50\":null,\"p99\":1.5}", Rendering.json(new Percentiles(Double.NaN, 1.5)));
    assertEquals(
        "[null,null,3]",
        Rendering.json(List.of(OptionalDouble.empty(), Optional.empty(), OptionalDouble.of(3.0))));
  }

  @Test
  void floatingPointIsRoundedToFourPlaces() {
    assertEquals("[0.3333,2,1234.5679]", Rendering.json(List.of(1 / 3.0, 2.0, 1234.56789)));
  }

  @Test
  void scoresAreWrittenInFull() {
    assertEquals("0.000000000", Rendering.json(new ScoreView(0)));
    assertEquals("0.000000001", Rendering.json(new ScoreView(1)));
    assertEquals("0.500000000", Rendering.json(new ScoreView(1L << 29)));
    assertEquals("0.999999999", Rendering.json(new ScoreView((1L << 30) - 1)));
    assertEquals("1.000000000", Rendering.json(new ScoreView(1L << 30)));
    assertThrows(IllegalArgumentException.class, () -> new ScoreView((1L << 30) + 1));
  }

  @Test
  void timesAndTextsAreEscapedJson() {
    assertEquals("\"1970-01-01T00:00:00Z\"", Rendering.json(Instant.EPOCH));
    assertEquals(
        "{\"a\":\"\\\"\\n\",\"b\":[1]}",
        Rendering.json(new JsonObject().put("a", "\"\n").put("b", List.of(1))));
  }
}
