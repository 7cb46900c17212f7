package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.rumor.Serves;
import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.state.StateConfig;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a large catalogue must not break: rumors and records stay within their limits.
class BoundsTest {
  @Test
  void refusesANodeThatCannotBeForwardedTo() {
    Who who = new Who("n", "eu", "", "", "h", 0, "1", false, 0);
    assertEquals(Optional.empty(), Who.decode(who.encode()));
  }

  @Test
  void tellsNoMoreServicesThanAreUnderstood() {
    Serves told = Serves.fitting(services(900, ""));
    assertEquals(Optional.of(told), Serves.decode(told.encode()));
    assertTrue(told.services().size() >= 400, "only " + told.services().size() + " fit");
  }

  @Test
  void tellsNoMoreServicesThanFit() {
    Serves told = Serves.fitting(services(400, "x".repeat(58)));
    assertTrue(told.encode().length <= StateConfig.MAX_VALUE_BYTES);
    assertEquals(Optional.of(told), Serves.decode(told.encode()));
  }

  @Test
  void writesNoMoreOutcomesThanFitIntoARecord() {
    TrafficHistory endpoints = new TrafficHistory();
    SigningKey key = SigningKey.generate(new SplittableRandom(1));
    WindowRecorder recorder =
        new WindowRecorder(
            endpoints, new TrafficHistory(), new Contacts(key, Hash.ZERO), _ -> true);
    for (int i = 0; i < 400; i++) {
      String name = "web/" + String.format(Locale.ROOT, "e%04d", i) + "x".repeat(195);
      endpoints.meter(name).record(1_000_000, false, false);
    }
    Body.Performance body = recorder.close(1).orElseThrow();
    byte[] mesh = new byte[Hash.BYTES];
    mesh[0] = 1;
    SignedRecord record = SignedRecord.sign(key, Hash.of(mesh), 1, 2, Hash.of(mesh), 1, body);
    assertTrue(record.encodedLength() <= SignedRecord.MAX_ORDINARY_BYTES);
    assertTrue(body.endpoints().size() > 90, "only " + body.endpoints().size() + " outcomes");
  }

  private static List<Serves.Service> services(int count, String suffix) {
    List<Serves.Service> services = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = String.format(Locale.ROOT, "s%04d", i) + suffix;
      services.add(new Serves.Service(name, 1, Integer.MAX_VALUE, Long.MAX_VALUE));
    }
    return services;
  }
}
