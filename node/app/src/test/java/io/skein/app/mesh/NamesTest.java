package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.app.rumor.Who;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// People say names; where two members bear one, they have to say ids.
final class NamesTest {
  private final SplittableRandom random = new SplittableRandom(9);
  private final SigningKey self = SigningKey.generate(random);
  private final SigningKey invite = SigningKey.generate(random);
  private final Ledger ledger = NewLedger.of(self, () -> 50_000_000, random);
  private final Map<NodeId, Who> heard = new HashMap<>();
  private final Names names =
      new Names(
          self.nodeId(),
          new Introduction(who("eu-1"), _ -> {}, new EventLog(() -> Instant.EPOCH)),
          node -> Optional.ofNullable(heard.get(node)),
          ledger.roster());

  private static Who who(String name) {
    return new Who(name, "eu", "", "127.0.0.1:1", "127.0.0.1", 2, "1", false, 3);
  }

  @BeforeEach
  void invite() {
    ledger.append(new Body.Invite(invite.publicKey(), 5, 60_000_000));
    ledger.commit();
  }

  private NodeId joins(String name) {
    SigningKey joiner = SigningKey.generate(random);
    Body join =
        new Body.Join(
            joiner.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, ledger.meshId(), joiner.publicKey()),
            name);
    ledger.accept(
        SignedRecord.sign(joiner, ledger.meshId(), 1, 1, Hash.ZERO, 1L << 16, join).encoded());
    ledger.commit();
    return joiner.nodeId();
  }

  @Test
  void aNodeIsCalledWhatItCallsItselfThenWhatItJoinedAsThenItsId() {
    NodeId peer = joins("b");
    NodeId stranger = new NodeId(7, 7);
    assertEquals("eu-1", names.of(self.nodeId()));
    assertEquals("b", names.of(peer));
    heard.put(peer, who("us-1"));
    assertEquals("us-1", names.of(peer));
    assertEquals("us-1", names.ofText(peer.toString()));
    assertEquals(stranger.toString(), names.of(stranger));
    assertEquals("no id", names.ofText("no id"));
  }

  @Test
  void aNameThatTwoMembersBearFindsNeitherUnlessOneHasEnded() {
    NodeId first = joins("b");
    assertEquals(Optional.of(first), names.find("b"));
    NodeId second = joins("b");
    assertEquals(Optional.empty(), names.find("b"));
    assertEquals(Set.of(first, second), Set.copyOf(names.findAll("b")));
    assertEquals(Optional.of(second), names.find(second.toString()));

    ledger.append(new Body.Revoke(first, "test"));
    ledger.commit();
    assertEquals(List.of(second), names.findAll("b"));
    assertEquals(List.of(first), names.findAll(first.toString()), "an id finds whom it names");
    assertEquals(List.of(), names.findAll("c"));
  }
}
