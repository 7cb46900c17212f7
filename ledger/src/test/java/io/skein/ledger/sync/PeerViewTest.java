package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.sync.SyncMessage.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerViewTest {
  private static final long SECOND = 1_000_000_000L;

  private final PeerView peer = new PeerView(new NodeId(1, 1), PeerLimits.defaults());
  private final SyncCodec codec = new SyncCodec(Hash.ZERO);

  private static Entry entry(long feed, long seq) {
    return new Entry(new FeedId(new NodeId(0, feed), feed), new Head(seq, Hash.ZERO));
  }

  private boolean told(int part, int parts, Entry... entries) {
    SyncMessage.Heads heads = new SyncMessage.Heads(5, part, parts, List.of(entries));
    try {
      assertEquals(heads, codec.decode(codec.encode(heads)));
    } catch (CborException e) {
      throw new AssertionError(e);
    }
    return peer.told(heads);
  }

  @Test
  void aVectorCountsWhenAllItsPartsHaveCome() {
    assertFalse(told(0, 0, entry(9, 3)));
    assertFalse(told(0, 2, entry(1, 1)));
    assertEquals(1, peer.heads().size());
    assertTrue(told(1, 2, entry(2, 2)));
    assertEquals(2, peer.heads().size(), "what is not in the whole vector is gone");
  }

  @Test
  void aVectorWithAPartMissingIsDropped() {
    assertFalse(told(0, 3, entry(1, 1)));
    assertFalse(told(2, 3, entry(3, 1)));
    assertFalse(told(1, 2, entry(3, 1)), "a part of another vector");
    assertEquals(0, peer.heads().size());
  }

  /// By the last digits of the feeds.
  private List<Long> ahead(long accepted) {
    return peer.ahead(_ -> accepted).stream().map(told -> told.getKey().epoch()).toList();
  }

  @Test
  void whoSaysMoreHasToBeLookedAtAgain() {
    told(0, 1, entry(1, 1), entry(2, 5));
    assertEquals(List.of(2L), ahead(4));
    assertEquals(List.of(2L), ahead(0), "what was found to be had is not asked for again");
    assertEquals(List.of(), ahead(5));
    told(0, 0, entry(1, 1), entry(2, 4));
    assertEquals(List.of(), ahead(0), "nothing new");
    told(0, 0, entry(2, 6));
    assertEquals(List.of(2L), ahead(0));
    assertEquals(List.of(), ahead(6));
    told(0, 0, entry(3, 1));
    assertEquals(List.of(3L), ahead(0), "another feed");
    told(0, 1, entry(1, 1));
    assertEquals(List.of(1L), ahead(0), "all anew");
  }

  @Test
  void aLedgerThatWentBackHasToBeLookedAtAgain() {
    told(0, 1, entry(1, 1), entry(2, 5));
    assertEquals(List.of(), ahead(5));
    peer.goneBack();
    assertEquals(List.of(1L, 2L), ahead(0));
  }

  @Test
  void whatWentBackToBeforeAForkIsNotAhead() {
    told(0, 1, entry(1, 5));
    assertEquals(List.of(1L), ahead(3));
    told(0, 0, new Entry(entry(1, 2).feed(), new Head(2, Hash.ZERO), 3));
    assertEquals(List.of(), ahead(2));
  }

  @Test
  void someOfItsHeadsComeInTheOrderOfAll() {
    told(0, 1, entry(3, 1), entry(1, 1), entry(2, 1));
    assertEquals(List.of(), ahead(1));
    told(0, 0, entry(2, 5), entry(3, 5));
    assertEquals(List.of(2L, 3L), ahead(1));
    assertEquals(
        List.of(3L, 2L),
        peer.inOrder(peer.ahead(_ -> 1)).stream().map(told -> told.getKey().epoch()).toList());
  }

  @Test
  void aPartBeyondTheLastIsNoMessage() {
    byte[] bytes = codec.encode(new SyncMessage.Heads(5, 1, 1, List.of()));
    assertThrows(CborException.class, () -> codec.decode(bytes));
  }

  @Test
  void newsNeverGoBackwards() {
    told(0, 0, entry(1, 5));
    told(0, 0, entry(1, 4));
    assertEquals(5, peer.heads().values().iterator().next().seq());
  }

  private void failedForLong() {
    for (int i = 0; i < 60; i++) {
      peer.failed(0, SECOND);
    }
  }

  @Test
  void whoBroughtSomethingAndHasNotAnsweredForLongIsAskedAgainSoon() {
    peer.release(entry(1, 1).feed());
    failedForLong();
    assertFalse(peer.mayPull(8 * SECOND - 1));
    assertTrue(peer.mayPull(8 * SECOND));
  }

  @Test
  void whoNeverBroughtAnythingIsAskedEverMoreSeldom() {
    failedForLong();
    assertFalse(peer.mayPull(64 * SECOND - 1));
    assertTrue(peer.mayPull(64 * SECOND));
  }

  @Test
  void whatWasNotDoneBeforeTheOwnDiskRefusedRecordsIsForgotten() {
    failedForLong();
    peer.excused();
    assertTrue(peer.mayPull(0));
    peer.failed(0, SECOND);
    assertTrue(peer.mayPull(SECOND));
  }

  @Test
  void theFullestMessageCanBeRead() throws CborException {
    List<Entry> entries = new ArrayList<>();
    List<SyncMessage.Want> wants = new ArrayList<>();
    for (int i = 0; i < SyncMessage.MAX_HEADS; i++) {
      entries.add(entry(Long.MIN_VALUE + i, Long.MAX_VALUE));
    }
    for (int i = 0; i < SyncMessage.MAX_WANTS; i++) {
      wants.add(new SyncMessage.Want(entries.get(i).feed(), Long.MAX_VALUE));
    }
    SyncMessage heads = new SyncMessage.Heads(-1, 31, SyncMessage.MAX_PARTS, entries);
    assertEquals(heads, codec.decode(codec.encode(heads)));
    SyncMessage pull = new SyncMessage.Pull(-1, wants);
    assertEquals(pull, codec.decode(codec.encode(pull)));
  }
}
