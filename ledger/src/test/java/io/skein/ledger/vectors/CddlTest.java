package io.skein.ledger.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.AdmissionSamples;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.log.FileSamples;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.ExperimentArm;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncSamples;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `format.cddl` says what the encoders write: every vector matches its rule, and every class has
/// the fields that its rule names, in their order.
final class CddlTest {
  private final Cddl cddl = new Cddl(Files.readString(Path.of("format.cddl")));
  private final Samples samples = new Samples();

  CddlTest() throws Exception {}

  static Stream<Class<?>> classes() {
    Set<Class<?>> classes = Samples.bodies();
    classes.removeAll(
        List.of(
            Body.Service.class,
            Body.Contract.class,
            Body.Cosign.class,
            Body.Snapshot.class,
            Body.Reserved.class));
    classes.addAll(
        List.of(
            EndpointOutcome.class,
            PeerOutcome.class,
            Cosignature.class,
            Cut.class,
            ExperimentArm.class,
            EffectFigures.class));
    classes.addAll(List.of(ServiceChange.class.getPermittedSubclasses()));
    classes.addAll(List.of(ContractChange.class.getPermittedSubclasses()));
    return classes.stream();
  }

  @Test
  void everyRecordMatchesTheRuleOfRecordsAndOfItsType() {
    for (SignedRecord record : samples.records().values()) {
      assertTrue(cddl.matches("record", record.encoded()), record::toString);
      assertTrue(cddl.matches("signed", record.signed()), record::toString);
      Body body = record.body();
      String rule = body instanceof Body.Reserved ? "reserved" : body.typeName();
      assertTrue(cddl.matches(rule, body(record)), record::toString);
      for (String other : List.of("genesis", "invite", "heal", "checkpoint", "snapshot")) {
        assertEquals(
            other.equals(rule), cddl.matches(other, body(record)), () -> record + " " + other);
      }
    }
  }

  @Test
  void everyTypeHasARule() {
    for (int type = RecordType.GENESIS; type <= RecordType.EFFECT; type++) {
      if (type != RecordType.SHADOW) {
        assertTrue(cddl.names().contains(RecordType.nameOf(type)), RecordType.nameOf(type));
      }
    }
    assertTrue(cddl.names().contains(RecordType.nameOf(RecordType.CONTRACT)));
    assertTrue(cddl.names().contains(RecordType.nameOf(RecordType.EXPERIMENT)));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyClassHasTheFieldsThatItsRuleNames(Class<?> type) {
    String rule =
        type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    List<String> fields = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      fields.addAll(
          component.getType() == FeedId.class
              ? List.of("author", "epoch")
              : List.of(component.getName()));
    }
    assertEquals(fields, cddl.keys(rule));
  }

  @Test
  void everyMessageTokenAndClaimMatchesItsRule() throws Exception {
    Map<String, byte[]> messages = SyncSamples.of(samples.meshId(), samples.founderFeed());
    messages.forEach((name, message) -> assertTrue(cddl.matches("message", message), name));
    byte[] token =
        Base64.getUrlDecoder().decode(AdmissionSamples.token(samples).text().substring(7));
    assertTrue(cddl.matches("token", Arrays.copyOf(token, token.length - 4)));
    for (var certificate :
        List.of(
            AdmissionSamples.founder(samples),
            AdmissionSamples.joiner(samples),
            AdmissionSamples.successor(samples))) {
      assertTrue(cddl.matches("claim", MeshCertificate.parse(certificate).credential()));
    }
  }

  @Test
  void everyReceiptAndTheMarksOfWhatIsVerifiedMatchTheirRules() {
    for (Receipt receipt : samples.receipts()) {
      assertTrue(cddl.matches("request-receipt", receipt.encode()), receipt::toString);
    }
    byte[] verified = FileSamples.verified(samples.founder(), samples.founderFeed());
    assertTrue(cddl.matches("verified", Arrays.copyOf(verified, verified.length - 64)));
    assertFalse(cddl.matches("verified", verified));
  }

  @Test
  void headVectorsAreOfHeadsAndFrozenHeads() {
    byte[] hash = new byte[32];
    CborWriter out = new CborWriter().array(2);
    out.array(4).bytes(new byte[16]).unsigned(-1).integer(1).bytes(hash);
    out.array(5).bytes(new byte[16]).unsigned(0).integer(0).bytes(hash).integer(1);
    assertTrue(cddl.matches("head-vector", out.toBytes()));
    byte[] short3 = new CborWriter().array(1).array(3).bytes(hash).integer(0).integer(0).toBytes();
    assertFalse(cddl.matches("head-vector", short3));
  }

  /// The validator itself tells right from wrong.
  @Test
  void everyRefusedRecordOfTheWrongShapeIsRefusedHereToo() {
    int refused = 0;
    for (Object each : Refused.all(samples)) {
      Map<?, ?> input = (Map<?, ?>) each;
      if (String.valueOf(input.get("reader")).equals("record")
          && List.of("count", "range", "length", "type")
              .contains(String.valueOf(input.get("wrong")))) {
        byte[] bytes = HexFormat.of().parseHex(String.valueOf(input.get("input")));
        refused += cddl.matches("record", bytes) ? 0 : 1;
      }
    }
    assertTrue(refused > 30, "only " + refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a = [", "a = %", "a = 1 a = 2", "a = (1"})
  void refusesWhatIsNoCddl(String text) {
    assertThrows(RuntimeException.class, () -> new Cddl(text));
  }

  private static byte[] body(SignedRecord record) {
    CborWriter out = new CborWriter().integer(record.body().type());
    byte[] signed = record.signed();
    // The body is the last item and follows the type and the time; writing both again finds it.
    byte[] before = new CborWriter().integer(record.hlc()).item(out.toBytes()).toBytes();
    for (int at = signed.length - before.length; at >= 0; at--) {
      if (Arrays.equals(signed, at, at + before.length, before, 0, before.length)
          && AnyCbor.holds(
              Arrays.copyOfRange(signed, at + before.length, signed.length), _ -> true)) {
        return Arrays.copyOfRange(signed, at + before.length, signed.length);
      }
    }
    throw new AssertionError("no body in " + record);
  }
}
