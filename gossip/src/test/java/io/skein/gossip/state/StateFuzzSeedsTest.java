package io.skein.gossip.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.state.StateMessage.Answer;
import io.skein.gossip.state.StateMessage.Delta;
import io.skein.gossip.state.StateMessage.Digest;
import io.skein.gossip.state.StateMessage.Item;
import io.skein.gossip.state.StateMessage.Known;
import io.skein.gossip.state.StateMessage.Update;
import io.skein.gossip.transport.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The inputs kept from fuzzing, read again; and messages cut, changed and out of range.
final class StateFuzzSeedsTest {
  private static final PeerId OWNER = new PeerId(1, -2);

  static Stream<StateMessage> messages() {
    Delta delta =
        new Delta(
            OWNER,
            3,
            0,
            9,
            List.of(new Item("load", 4, new byte[] {1, 2}), new Item("a-b._/0", 9, new byte[300])));
    return Stream.of(
        new Digest(-7, List.of()),
        new Digest(7, List.of(new Known(OWNER, 3, 9), new Known(OWNER, 0, 0))),
        new Answer(1, List.of(new Known(OWNER, 1, 2)), List.of(delta), true),
        new Update(List.of(delta, new Delta(OWNER, 1, 0, 0, List.of())), false));
  }

  static Stream<Path> seeds() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/state"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void readsEveryKeptInput(Path seed) throws IOException {
    StateFuzz.fuzzerTestOneInput(Files.readAllBytes(seed));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void refusesEveryMessageCutOrProlonged(StateMessage message) {
    byte[] encoded = StateCodec.encode(message);
    StateFuzz.fuzzerTestOneInput(encoded);
    assertTrue(StateCodec.decode(encoded).isPresent());
    for (int length = 0; length < encoded.length; length++) {
      assertEquals(Optional.empty(), StateCodec.decode(Arrays.copyOf(encoded, length)));
    }
    assertEquals(Optional.empty(), StateCodec.decode(Arrays.copyOf(encoded, encoded.length + 1)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void takesAChangedByteForAnotherMessageOrForNone(StateMessage message) {
    byte[] encoded = StateCodec.encode(message);
    for (int at = 0; at < encoded.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = encoded.clone();
        changed[at] ^= (byte) (1 << bit);
        StateFuzz.fuzzerTestOneInput(changed);
      }
    }
  }

  @Test
  void refusesCountsBeyondTheInput() {
    byte[] digest = StateCodec.encode(new Digest(7, List.of()));
    digest[9] = (byte) 0xff;
    digest[10] = (byte) 0xff;
    assertFalse(StateCodec.decode(digest).isPresent());
    assertFalse(StateCodec.decode(new byte[StateConfig.MAX_MESSAGE_BYTES + 1]).isPresent());
  }
}
