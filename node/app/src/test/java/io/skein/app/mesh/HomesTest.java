package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HomesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:80",
        "http://127.8.8.8:80",
        "http://localhost:80",
        "https://Api.LOCALHOST:443",
        "tcp://[::1]:80",
        "http://[fe80::1]:80",
        "http://169.254.1.1:80",
        "no url"
      })
  void meansAnotherEndpointOnAnotherMachine(String url) {
    assertTrue(Homes.isOfOneMachine(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.7:80",
        "http://db.internal:80",
        "tls://[2001:db8::1]:443",
        "http://localhost.example:80"
      })
  void mayMeanTheSameEverywhere(String url) {
    assertFalse(Homes.isOfOneMachine(url));
  }
}
