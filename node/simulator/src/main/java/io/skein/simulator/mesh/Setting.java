package io.skein.simulator.mesh;

import io.skein.chaos.history.Json;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a client gives one of the few keys that the clients of all nodes set: services of the
/// catalogue, whose value is a duration in them, as with the chaos harness's real nodes.
///
/// @param key one of [#KEYS]
/// @param value no other setting of the run has it; 1 to 3,600,000
record Setting(String key, long value) {
  /// The keys that clients set.
  static final List<String> KEYS =
      List.of("chaos-key-0", "chaos-key-1", "chaos-key-2", "chaos-key-3");

  /// Gives a value to any of the keys.
  static Setting draw(RandomGenerator random, long value) {
    return new Setting(KEYS.get(random.nextInt(KEYS.size())), value);
  }

  /// The setting that a record carries, if it does.
  static Optional<Setting> of(SignedRecord record) {
    return record.body() instanceof Body.Service(ServiceChange change)
        ? of(change)
        : Optional.empty();
  }

  private static Optional<Setting> of(ServiceChange change) {
    return change instanceof PutService put
        ? Optional.of(new Setting(put.service(), put.slowAfterMillis()))
        : Optional.empty();
  }

  /// What a key stands at in a catalogue.
  static Optional<Setting> standing(Map<String, Catalogue.Entry> catalogue, String key) {
    return Optional.ofNullable(catalogue.get(key)).flatMap(entry -> of(entry.service()));
  }

  /// The record that a node writes for it.
  Body body() {
    return new Body.Service(
        new PutService(
            key,
            "http",
            "round-robin",
            List.of(),
            "/" + key,
            "",
            PutService.DEFAULT_HEALTH_INTERVAL_MILLIS,
            PutService.DEFAULT_HEALTH_TIMEOUT_MILLIS,
            value));
  }

  /// As it stands in a history.
  Json json() {
    return Json.object().with("key", key).with("value", value);
  }
}
