package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.sync.SyncMessage.Entry;
import io.skein.ledger.sync.SyncMessage.Want;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Answers what peers ask, at once and never by heart: nothing is queued for anybody. What a peer
/// asks for beyond its budget stays unanswered.
final class Serving {
  /// What an answer costs at least: asking for little is not free.
  private static final int LEAST_BYTES = 4 << 10;

  private final Ledger ledger;
  private final Mail mail;
  private final ReconcilerConfig config;
  private long throttled;

  Serving(Ledger ledger, Mail mail, ReconcilerConfig config) {
    this.ledger = ledger;
    this.mail = mail;
    this.config = config;
  }

  /// Answers that were not given.
  long throttled() {
    return throttled;
  }

  private boolean mayAnswer(PeerView peer, long nowNanos) {
    boolean may = peer.served.any(nowNanos);
    if (!may) {
      throttled++;
    }
    return may;
  }

  private void send(NodeId to, PeerView peer, SyncMessage message, long nowNanos) {
    peer.served.take(Math.max(LEAST_BYTES, mail.send(to, message)), nowNanos);
  }

  /// How a feed stands here, frozen or not.
  Entry entry(FeedId feed) {
    return entry(feed, ledger.verifiedHead(feed).orElse(new Head(0, Hash.ZERO)));
  }

  private Entry entry(FeedId feed, Head head) {
    return new Entry(feed, head, Optional.ofNullable(ledger.frozen().get(feed)).orElse(0L));
  }

  void inSync(NodeId to, PeerView peer, long digest, long nowNanos) {
    if (mayAnswer(peer, nowNanos)) {
      send(to, peer, new SyncMessage.InSync(digest), nowNanos);
    }
  }

  /// Tells all heads, in order of admission, and which feeds are frozen. To a question, of the
  /// asker's own feeds also what is not verified yet: it must not write there again, if it has lost
  /// it.
  void tellAll(NodeId to, PeerView peer, long answering, long nowNanos) {
    if (!mayAnswer(peer, nowNanos)) {
      return;
    }
    List<Entry> all = new ArrayList<>();
    Map<FeedId, Head> heads = ledger.heads();
    TreeSet<FeedId> headless = new TreeSet<>(ledger.frozen().keySet());
    for (FeedId feed : ledger.feeds()) {
      if (heads.containsKey(feed)) {
        boolean whole = answering != 0 && feed.author().equals(to);
        all.add(whole ? entry(feed, heads.get(feed)) : entry(feed));
        headless.remove(feed);
      }
    }
    headless.forEach(feed -> all.add(entry(feed)));
    int needed = Math.ceilDiv(all.size(), SyncMessage.MAX_HEADS);
    int parts = Math.clamp(needed, 1, SyncMessage.MAX_PARTS);
    for (int part = 0; part < parts; part++) {
      int from = part * SyncMessage.MAX_HEADS;
      int end = Math.min(all.size(), from + SyncMessage.MAX_HEADS);
      send(
          to,
          peer,
          new SyncMessage.Heads(answering, part, parts, all.subList(from, end)),
          nowNanos);
    }
  }

  /// Tells a peer those heads in which it is behind, or knows another cut.
  void tellWhereBehind(PeerView peer, List<Entry> differing) {
    List<Entry> ahead = new ArrayList<>(differing);
    ledger
        .verifiedHeads()
        .forEach((feed, head) -> {
          Head theirs = peer.heads().get(feed);
          if ((theirs == null || theirs.seq() < head.seq())
              && ahead.size() < SyncMessage.MAX_HEADS) {
            ahead.add(entry(feed));
          }
        });
    if (!ahead.isEmpty()) {
      mail.send(peer.id, new SyncMessage.Heads(0, 0, 0, ahead));
    }
  }

  void serve(NodeId to, PeerView peer, SyncMessage.Pull pull, long nowNanos) {
    if (mayAnswer(peer, nowNanos)) {
      SyncMessage answer =
          pull.wants().stream()
              .findFirst()
              .flatMap(want -> pruned(pull.id(), want))
              .orElseGet(() -> new SyncMessage.Records(pull.id(), batch(pull.wants())));
      send(to, peer, answer, nowNanos);
    }
  }

  /// A part of what a cut has left of a feed, if the peer asks for what is gone.
  private Optional<SyncMessage> pruned(long id, Want want) {
    Optional<FeedCut> cut = ledger.cut(want.feed());
    if (cut.isEmpty() || want.fromSeq() > cut.get().size() || ledger.frozen(want.feed())) {
      return Optional.empty();
    }
    long size = cut.get().size();
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    List<byte[]> kept = new ArrayList<>();
    int bytes = 0;
    long seq = want.fromSeq();
    long last = Math.min(size, seq + SyncMessage.MAX_HASHES - 1);
    for (; seq <= last; seq++) {
      boolean held = ledger.nextHeld(want.feed(), seq) == seq;
      if (held) {
        Optional<byte[]> record = ledger.encoded(want.feed(), seq);
        if (record.isEmpty()) {
          return Optional.empty();
        }
        if (bytes > 0
            && (bytes + record.get().length > config.batchBytes()
                || kept.size() >= config.batchRecords())) {
          break;
        }
        kept.add(record.get());
        bytes += record.get().length;
      }
      hashes.writeBytes(ledger.hash(want.feed(), seq).orElseThrow().toBytes());
    }
    if (seq == size + 1) {
      Optional<byte[]> checkpoint = ledger.encoded(want.feed(), seq);
      if (checkpoint.isEmpty()) {
        return Optional.empty();
      }
      kept.add(checkpoint.get());
    }
    return Optional.of(
        new SyncMessage.Pruned(id, want.feed(), size, want.fromSeq(), hashes.toByteArray(), kept));
  }

  private List<byte[]> batch(List<Want> wants) {
    List<byte[]> batch = new ArrayList<>();
    int bytes = 0;
    for (Want want : wants) {
      boolean gone =
          ledger.cut(want.feed()).filter(cut -> want.fromSeq() <= cut.size()).isPresent();
      if (gone && !ledger.frozen(want.feed())) {
        break; // asked for first, it is answered; what follows may rest on it
      }
      long last = ledger.verifiedHead(want.feed()).map(Head::seq).orElse(0L);
      for (long seq = want.fromSeq(); seq <= last; seq++) {
        if (bytes >= config.batchBytes() || batch.size() >= config.batchRecords()) {
          return batch;
        }
        Optional<byte[]> record = ledger.encoded(want.feed(), seq);
        if (record.isEmpty()) {
          break;
        }
        batch.add(record.get());
        bytes += record.get().length;
      }
    }
    return batch;
  }
}
