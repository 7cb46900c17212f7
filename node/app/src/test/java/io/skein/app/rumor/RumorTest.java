package io.skein.app.rumor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import io.skein.routing.experiment.ArmCounts;
import io.skein.routing.experiment.Evidence;
import io.skein.routing.experiment.FailureSums;
import io.skein.routing.experiment.LatencySums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RumorTest {
  private static final NodeId NODE = new NodeId(-3, 7);

  /// A rumor and how its kind is read.
  record Kind(Rumor rumor, Function<byte[], Optional<? extends Rumor>> decoder) {
    @Override
    public String toString() {
      return rumor.toString();
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(who("eu-1", false), Who::decode),
        new Kind(who("", true), Who::decode),
        new Kind(new Load(0, 0, 0), Load::decode),
        new Kind(new CookieKey("0f".repeat(32)), CookieKey::decode),
        new Kind(new Load(Long.MAX_VALUE, Integer.MAX_VALUE, 1_000_000), Load::decode),
        new Kind(new Forecasts(0, List.of(), -1), Forecasts::decode),
        new Kind(new Headroom(List.of()), Headroom::decode),
        new Kind(new Headroom(List.of(new Headroom.Busy("web", 1_000_000))), Headroom::decode),
        new Kind(
            new Forecasts(
                1_500,
                List.of(
                    new Forecasts.Horizon(1, 1_000, 1_400, 2_000),
                    new Forecasts.Horizon(86_400, 0, 0, Long.MAX_VALUE)),
                1_000_000),
            Forecasts::decode),
        new Kind(new Serves(List.of()), Serves::decode),
        new Kind(
            new Serves(
                List.of(
                    new Serves.Service("web", 3, 12, 4_500), new Serves.Service("api", 0, 0, 0))),
            Serves::decode),
        new Kind(new Shadows(List.of()), Shadows::decode),
        new Kind(new Shadows(List.of(NODE, new NodeId(1, 2))), Shadows::decode),
        new Kind(new Truth(0, List.of()), Truth::decode),
        new Kind(
            new Truth(
                7,
                List.of(
                    new Truth.Loaded("web/a", 3, 12_000, 20_000, 25_000, 40),
                    new Truth.Loaded("web", 2, 0, 0, 0, 0))),
            Truth::decode),
        new Kind(new Pheromone(List.of()), Pheromone::decode),
        new Kind(
            new Pheromone(
                List.of(
                    new Pheromone.Way(
                        "web/a", List.of(new Pheromone.Deposit(1_800_000_000L, 55))))),
            Pheromone::decode),
        new Kind(new Uses(List.of()), Uses::decode),
        new Kind(
            new Uses(List.of(new Uses.Use("web/all", 1_500), new Uses.Use("web/x", 0))),
            Uses::decode),
        new Kind(new Trials(List.of()), Trials::decode),
        new Kind(
            new Trials(
                List.of(
                    new Trials.Part(
                        hash(3).toString(),
                        94,
                        new Evidence(
                            new FailureSums(9, 20, 1, 180, 2, 18, 324, -0.5, -9, 0.25, 3),
                            new LatencySums(6, 5, 7, -2.5, 8, -1, 0.125),
                            new ArmCounts.Taken(178, 2, 2_600.5),
                            new ArmCounts.Taken(19, 1, 280.25))))),
            Trials::decode),
        new Kind(
            new SignedPulse(0, new Pulse(0, 0, 0, 1, false, 0, -1, 0, 0), "00".repeat(64)),
            SignedPulse::decode),
        new Kind(
            new SignedPulse(
                Long.MAX_VALUE,
                new Pulse(1_800_000_000_000L, 1_000_000, 2_500, 9, true, 30_000, 250_000, 7, 3),
                "a7".repeat(64)),
            SignedPulse::decode),
        new Kind(new WallClock(0, 0, "00".repeat(64)), WallClock::decode),
        new Kind(
            new WallClock(Long.MAX_VALUE, 1_800_000_000_000L, "a7".repeat(64)), WallClock::decode),
        new Kind(new Roots(Hash.ZERO, hash(9), 42), Roots::decode));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void comesBackAsItWas(Kind kind) {
    assertEquals(Optional.of(kind.rumor()), kind.decoder().apply(kind.rumor().encode()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void cutShortOrWithMoreBehindItIsNothing(Kind kind) {
    byte[] good = kind.rumor().encode();
    for (int length = 0; length < good.length; length++) {
      assertEquals(Optional.empty(), kind.decoder().apply(Arrays.copyOf(good, length)));
    }
    assertEquals(Optional.empty(), kind.decoder().apply(Arrays.copyOf(good, good.length + 1)));
  }

  // Whatever decodes must be what it claims to be: encoding it again gives the same bytes.
  @ParameterizedTest
  @MethodSource("kinds")
  void anyChangedByteIsNothingOrAnotherRumor(Kind kind) {
    byte[] good = kind.rumor().encode();
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = good.clone();
      for (int flips = 0; flips <= random.nextInt(3); flips++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      kind.decoder().apply(bad).ifPresent(rumor -> assertArrayEquals(bad, rumor.encode()));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noiseIsNothing(Kind kind) {
    Random random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      noise = prefixed(noise);
      byte[] tried = noise;
      kind.decoder().apply(tried).ifPresent(rumor -> assertArrayEquals(tried, rumor.encode()));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anotherVersionIsNothing(Kind kind) {
    byte[] other = kind.rumor().encode();
    assertEquals(Rumor.VERSION, other[1]);
    other[1] = Rumor.VERSION + 1;
    assertEquals(Optional.empty(), kind.decoder().apply(other));
  }

  @Test
  void aWallClockIsItsOwnersWordInItsMeshAndNobodyElses() {
    SplittableRandom random = new SplittableRandom(5);
    SigningKey key = SigningKey.generate(random);
    WallClock said = WallClock.of(key, hash(1), 7, 1_800_000_000_000L);
    assertTrue(said.verifies(key.publicKey(), hash(1)));
    assertFalse(said.verifies(key.publicKey(), hash(2)));
    assertFalse(said.verifies(SigningKey.generate(random).publicKey(), hash(1)));
    for (WallClock changed :
        List.of(
            new WallClock(8, said.wallMillis(), said.signature()),
            new WallClock(7, said.wallMillis() + 1, said.signature()),
            new WallClock(7, said.wallMillis(), "a7".repeat(64)))) {
      assertFalse(changed.verifies(key.publicKey(), hash(1)));
    }
  }

  @Test
  void eachKindHasItsOwnKey() {
    Set<String> keys = new HashSet<>();
    Set<Class<?>> classes = new HashSet<>();
    kinds()
        .forEach(kind -> {
          keys.add(kind.rumor().key());
          classes.add(kind.rumor().getClass());
        });
    assertEquals(Rumor.class.getPermittedSubclasses().length, classes.size());
    assertEquals(classes.size(), keys.size());
  }

  @Test
  void valuesOutOfRangeAreNothing() {
    assertEquals(
        Optional.empty(),
        Load.decode(
            new CborWriter()
                .array(4)
                .unsigned(1)
                .unsigned(0)
                .unsigned(0)
                .unsigned(1_000_001)
                .toBytes()));
    assertEquals(
        Optional.empty(),
        Load.decode(
            new CborWriter()
                .array(4)
                .unsigned(1)
                .unsigned(0)
                .unsigned(1L << 31)
                .unsigned(0)
                .toBytes()));
    assertEquals(
        Optional.empty(),
        Load.decode(
            new CborWriter().array(4).unsigned(1).unsigned(-1).unsigned(0).unsigned(0).toBytes()));
    assertEquals(Optional.empty(), Who.decode(who("x".repeat(257), false).encode()));
    assertEquals(
        Optional.empty(),
        Shadows.decode(new Shadows(java.util.Collections.nCopies(17, NODE)).encode()));
  }

  @Test
  void tooManyServicesAreNothing() {
    List<Serves.Service> services = new ArrayList<>();
    for (int i = 0; i <= Serves.MAX_READ; i++) {
      services.add(new Serves.Service("s", 1, 0, 0));
    }
    assertEquals(Optional.empty(), Serves.decode(new Serves(services).encode()));
  }

  private static byte[] prefixed(byte[] noise) {
    byte[] all = new byte[noise.length + 2];
    all[0] = (byte) 0x84;
    all[1] = Rumor.VERSION;
    System.arraycopy(noise, 0, all, 2, noise.length);
    return all;
  }

  private static Who who(String name, boolean draining) {
    return new Who(
        name, "eu", "", "10.0.0.1:7800", "10.0.0.1", 7_801, "0.1.0", draining, 1_700_000_000_000L);
  }

  private static Hash hash(int fill) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Hash.of(bytes);
  }
}
