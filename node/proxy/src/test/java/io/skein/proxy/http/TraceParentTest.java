package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";

  private static String id(String value) {
    Fields fields = new Fields();
    fields.add("Traceparent", value);
    return TraceParent.traceId(fields);
  }

  @Test
  void findsTheTrace() {
    assertEquals(ID, id("00-" + ID + "-b7ad6b7169203331-01"));
    assertEquals(ID, id("cc-" + ID + "-b7ad6b7169203331-01-what-comes-later"));
    assertEquals("", TraceParent.traceId(Fields.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      })
  void refusesWhatIsNone(String value) {
    assertEquals("", id(value));
  }
}
