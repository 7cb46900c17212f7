package io.skein.ledger.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointNoteTest {
  private final SplittableRandom random = new SplittableRandom(7);
  private final SigningKey author = SigningKey.generate(random);
  private final SigningKey one = SigningKey.generate(random);
  private final SigningKey two = SigningKey.generate(random);
  private final Hash mesh = hash();
  private final FeedId feed = new FeedId(author.nodeId(), 0x8000_0001_dead_beefL);
  private final TreeHead head = TreeHead.of(mesh, feed, 20_852_163, hash());

  private Hash hash() {
    byte[] bytes = new byte[Hash.BYTES];
    random.nextBytes(bytes);
    return Hash.of(bytes);
  }

  private CheckpointNote note() {
    Map<PublicKey, Cosignature> cosignatures = new LinkedHashMap<>();
    cosignatures.put(one.publicKey(), head.cosign(one, 1_679_315_147));
    cosignatures.put(two.publicKey(), head.cosign(two, 0));
    return CheckpointNote.of(head, author.publicKey(), head.sign(author), cosignatures);
  }

  private Set<NodeId> cosigners(CheckpointNote note) {
    return note.cosignedBy(
        List.of(
            one.publicKey(),
            two.publicKey(),
            author.publicKey(),
            SigningKey.generate(random).publicKey()));
  }

  @Test
  void aCheckpointIsThreeLinesAndSignatures() throws NoteException {
    CheckpointNote note = note();
    String[] lines = new String(note.encoded(), UTF_8).split("\n");
    assertEquals("skein/" + mesh + "/" + author.nodeId() + "/80000001deadbeef", lines[0]);
    assertEquals("20852163", lines[1]);
    assertTrue(lines[3].isEmpty());
    assertTrue(lines[4].startsWith("\u2014 " + lines[0] + " "));
    assertTrue(lines[5].startsWith("\u2014 skein/" + mesh + "/" + one.nodeId() + " "));
    CheckpointNote again = CheckpointNote.parse(note.encoded());
    assertEquals(note, again);
    assertEquals(head, again.head());
    assertTrue(again.signedBy(author.publicKey()));
    assertFalse(again.signedBy(one.publicKey()));
    assertEquals(Set.of(one.nodeId(), two.nodeId()), cosigners(again));
  }

  @Test
  void everyChangedByteIsRefusedOrFailsVerification() {
    byte[] bytes = note().encoded();
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) (1 << random.nextInt(7));
      try {
        CheckpointNote note = CheckpointNote.parse(changed);
        boolean whole = note.signedBy(author.publicKey()) && cosigners(note).size() == 2;
        assertFalse(whole, "byte " + at);
      } catch (NoteException e) {
        assertFalse(String.valueOf(e.getMessage()).isBlank());
      }
    }
  }

  @Test
  void cosignaturesAreOfOneTimeHeadAndWitness() {
    Cosignature cosignature = head.cosign(one, 5);
    assertTrue(head.cosigned(cosignature, one.publicKey()));
    assertFalse(head.cosigned(cosignature, two.publicKey()));
    assertFalse(
        head.cosigned(
            new Cosignature(feed, head.size(), head.root(), 6, cosignature.signature()),
            one.publicKey()));
    TreeHead larger = TreeHead.of(mesh, feed, head.size() + 1, head.root());
    assertFalse(larger.cosigned(cosignature, one.publicKey()));
    TreeHead elsewhere = TreeHead.of(hash(), feed, head.size(), head.root());
    assertFalse(elsewhere.cosigned(cosignature, one.publicKey()));
    // A signature under the note is no cosignature, and the other way round.
    assertFalse(head.verifies(author.publicKey(), head.cosign(author, 5).signature()));
    assertFalse(head.verifies(one.publicKey(), head.sign(one)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\n1\nAAAA\n",
        "%s\n0\n%s\n",
        "%s\n01\n%s\n",
        "%s\n-1\n%s\n",
        "%s\n+1\n%s\n",
        "%s\n9223372036854775808\n%s\n",
        "%s\n1\n%s",
        "%s\n1\n%s\nextension\n",
        "%s\n1\n%s\n\n",
        " %s\n1\n%s\n",
        "%s \n1\n%s\n",
        "%s0\n1\n%s\n",
        "%s\n1\nAAAA\n",
        "%s\n1\n\n"
      })
  void otherTextsAreNoTreeHeads(String form) {
    String root = head.text().split("\n")[2];
    String text = String.format(form, head.origin(), root);
    assertThrows(NoteException.class, () -> TreeHead.parse(text));
  }

  @Test
  void originsHaveOneForm() throws NoteException {
    String text = head.origin().toString();
    assertEquals(head.origin(), FeedOrigin.parse(text));
    assertThrows(
        NoteException.class, () -> FeedOrigin.parse(text.toUpperCase(java.util.Locale.ROOT)));
    assertThrows(NoteException.class, () -> FeedOrigin.parse(text.substring(1)));
    assertArrayEquals(head.text().getBytes(UTF_8), note().note().textBytes());
  }
}
