package io.skein.cli.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "0.987654320",
        "1e400",
        "-0",
        "\"a\\\"\\\\\\n\\u0000ü😀\"",
        "{\"a\":[1,{\"b\":null}],\"c\":\"\"}"
      })
  void writesWhatItRead(String text) throws IOException {
    assertEquals(text, parse(text).compact());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[1,]", "{\"a\":1}}", "1 2", "nul", "'a'", "\u0000"})
  void refusesWhatIsNoJson(String text) {
    assertThrows(IOException.class, () -> parse(text));
  }

  @Test
  void refusesWhatIsTooDeep() {
    assertThrows(IOException.class, () -> parse("[".repeat(100_000)));
  }

  @Test
  void missingMembersAreNothing() throws IOException {
    Json json = parse("{\"a\":1}");

    assertTrue(json.get("b").get("c").isNothing());
    assertTrue(Double.isNaN(json.get("b").number()));
    assertEquals("-", json.get("b").text("-"));
    assertEquals(0, json.get("a").items().size());
  }

  @Test
  void yamlQuotesWhatCouldMeanSomethingElse() throws IOException {
    assertEquals(
        """
        a: "no"
        b: "1"
        c: x/y-1
        "": ""
        d:
          - - 1
            - "a: b"
          - {}
        """,
        parse("{\"a\":\"no\",\"b\":\"1\",\"c\":\"x/y-1\",\"\":\"\",\"d\":[[1,\"a: b\"],{}]}")
            .yaml());
  }

  private static Json parse(String text) throws IOException {
    return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
