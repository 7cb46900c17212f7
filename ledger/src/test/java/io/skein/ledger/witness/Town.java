package io.skein.ledger.witness;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A mesh whose nodes tell each other everything at once, in virtual time.
final class Town {
  final SplittableRandom random = new SplittableRandom(11);
  final SigningKey invite = SigningKey.generate(random);
  final List<House> houses = new ArrayList<>();
  long nowMillis = 1_700_000_000_000L;

  Town(int size) {
    for (int i = 0; i < size; i++) {
      houses.add(i == 0 ? found() : join());
    }
    spread();
  }

  final class House {
    final SigningKey key;
    final MemoryStore store;
    final Ledger ledger;
    final List<Alarm> alarms = new ArrayList<>();
    final Notary notary;
    Hash repRoot = Hash.parse("ab".repeat(32));

    House(SigningKey key, MemoryStore store, Ledger ledger) {
      this.key = key;
      this.store = store;
      this.ledger = ledger;
      notary = new Notary(ledger, new LedgerFacts(ledger), key, alarms::add);
      ledger.listen(record -> notary.apply(record, nowMillis));
    }

    SignedRecord write() {
      SignedRecord record =
          ledger.append(new Body.Performance(ledger.recordCount(), List.of(), List.of()));
      ledger.commit();
      return record;
    }

    void second() {
      notary.due(nowMillis, () -> repRoot).forEach(ledger::append);
      ledger.commit();
    }

    House restarted() {
      return new House(key, store, Ledger.reopen(store, key, clock(), random, false));
    }

    Coverage coverage(SignedRecord record) {
      notary.checkpoints().settle();
      return notary.checkpoints().coverage(record.feed(), record.seq()).orElseThrow();
    }

    long count(Class<? extends Body> type) {
      return ledger.page(ledger.ownFeed(), 1, Integer.MAX_VALUE).stream()
          .filter(record -> type.isInstance(record.body()))
          .count();
    }
  }

  HybridClock clock() {
    return new HybridClock(() -> nowMillis);
  }

  private House found() {
    SigningKey key = SigningKey.generate(random);
    MemoryStore store = new MemoryStore();
    Ledger ledger = Ledger.found(store, key, "town", new byte[16], 10_000, "n0", clock(), random);
    ledger.append(new Body.Invite(invite.publicKey(), 1_000, Long.MAX_VALUE >>> 20));
    ledger.commit();
    return new House(key, store, ledger);
  }

  House join() {
    return joining(invite);
  }

  /// One more, by that invite.
  House join(SigningKey invite) {
    House house = joining(invite);
    houses.add(house);
    return house;
  }

  /// An invite by one of them.
  SigningKey invites(House issuer) {
    SigningKey fresh = SigningKey.generate(random);
    issuer.ledger.append(new Body.Invite(fresh.publicKey(), 1_000, Long.MAX_VALUE >>> 20));
    issuer.ledger.commit();
    return fresh;
  }

  private House joining(SigningKey invite) {
    SigningKey key = SigningKey.generate(random);
    MemoryStore store = new MemoryStore();
    Hash mesh = houses.getFirst().ledger.meshId();
    Body.Join join =
        new Body.Join(
            key.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, mesh, key.publicKey()),
            "n" + houses.size());
    return new House(key, store, Ledger.join(store, key, mesh, join, clock(), random));
  }

  /// Hands every record to everybody.
  void spread() {
    for (House from : houses) {
      for (FeedId feed : from.ledger.feeds()) {
        for (House to : houses) {
          long held = to.ledger.acceptedSeq(feed);
          for (SignedRecord record : from.ledger.page(feed, held + 1, Integer.MAX_VALUE)) {
            to.ledger.accept(record.encoded());
          }
          to.ledger.commit();
        }
      }
    }
  }

  /// Seconds pass: everybody does what is due and tells everybody.
  void run(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nowMillis += 1_000;
      houses.forEach(House::second);
      spread();
    }
  }
}
