package io.skein.app.mesh;

import io.skein.api.view.HeadView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.InviteView;
import io.skein.api.view.Ladder;
import io.skein.api.view.LedgerView;
import io.skein.api.view.RecordView;
import io.skein.ledger.admission.InviteState;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Withheld;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Feeds, records and invites, for the API. On the mesh thread.
final class LedgerViews {
  private static final int TAIL = 200;

  /// Told of those that peers withhold; a liar may claim thousands.
  private static final int MAX_WITHHELD = 100;

  private final MeshCore core;
  private Map<Hash, RecordView> shown = Map.of();

  LedgerViews(MeshCore core) {
    this.core = core;
  }

  /// The newest records, newest first. What a record says is written down once, not at every look.
  List<RecordView> tail() {
    List<RecordView> tail = new ArrayList<>(TAIL);
    Map<Hash, RecordView> now = HashMap.newHashMap(TAIL);
    for (SignedRecord record : core.derived().tail(TAIL)) {
      RecordView before = shown.get(record.hash());
      RecordView view = before == null ? view(record) : standing(before, record);
      tail.add(view);
      now.put(record.hash(), view);
    }
    shown = now;
    return Collections.unmodifiableList(tail);
  }

  private RecordView standing(RecordView before, SignedRecord record) {
    Ladder ladder = core.ladders().of(record.feed(), record.seq());
    String name = core.nameOf(record.author());
    return before.ladder().equals(ladder) && before.name().equals(name)
        ? before
        : before.standing(name, ladder);
  }

  HeadsView heads() {
    Ledger ledger = core.records().ledger();
    List<HeadView> heads = new ArrayList<>();
    for (Map.Entry<FeedId, Head> entry : ledger.heads().entrySet()) {
      FeedId feed = entry.getKey();
      heads.add(
          new HeadView(
              feed.author().toString(),
              core.nameOf(feed.author()),
              Long.toUnsignedString(feed.epoch()),
              entry.getValue().seq(),
              entry.getValue().hash().toString(),
              state(ledger, feed)));
    }
    return new HeadsView(heads, ledger.headsRoot().toString());
  }

  private static String state(Ledger ledger, FeedId feed) {
    if (ledger.frozen(feed)) {
      return "frozen";
    }
    RosterSnapshot roster = ledger.roster().snapshot();
    if (roster.revocation(feed.author()).isPresent()) {
      return "revoked";
    }
    if (roster.member(feed.author()).flatMap(Member::rotation).isPresent()) {
      return "rotated";
    }
    boolean newer =
        ledger.heads().keySet().stream()
            .anyMatch(other ->
                other.author().equals(feed.author())
                    && Long.compareUnsigned(other.epoch(), feed.epoch()) > 0);
    return newer ? "closed" : "live";
  }

  RecordView view(SignedRecord record) {
    Ladder ladder = core.ladders().of(record.feed(), record.seq());
    return new RecordView(
        record.hash().toString(),
        record.author().toString(),
        core.nameOf(record.author()),
        Long.toUnsignedString(record.epoch()),
        record.seq(),
        record.prev().toString(),
        Long.toUnsignedString(record.hlc()),
        Instant.ofEpochMilli(HybridClock.millis(record.hlc())),
        record.body().typeName(),
        RecordJson.of(record.body()),
        ladder.text(),
        ladder,
        HexFormat.of().formatHex(record.signature()),
        record.encodedLength());
  }

  /// What is kept, and why.
  LedgerView ledger() {
    RecordColumns columns = core.derived().columns();
    Ledger ledger = core.records().ledger();
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    int frozen = 0;
    Set<NodeId> authors = new HashSet<>();
    for (RecordColumns.Feed feed : columns.feeds()) {
      oldest = Math.min(oldest, feed.millis(feed.first()));
      newest = Math.max(newest, feed.millis(feed.last()));
      frozen += ledger.frozen(feed.id()) ? 1 : 0;
      authors.add(feed.id().author());
    }
    boolean any = !columns.feeds().isEmpty();
    List<LedgerView.Kind> types = new ArrayList<>();
    columns
        .types()
        .forEach((code, tally) ->
            types.add(
                new LedgerView.Kind(RecordType.nameOf(code), tally.records(), tally.bytes())));
    return new LedgerView(
        columns.records(),
        columns.bytes(),
        columns.feeds().size(),
        frozen,
        authors.size(),
        any ? Optional.of(Instant.ofEpochMilli(oldest)) : Optional.empty(),
        any ? Optional.of(Instant.ofEpochMilli(newest)) : Optional.empty(),
        ledger.headsRoot().toString(),
        core.records().withheld().stream().limit(MAX_WITHHELD).map(this::view).toList(),
        types,
        core.pruning().view());
  }

  private LedgerView.Withheld view(Withheld withheld) {
    FeedId feed = withheld.feed();
    return new LedgerView.Withheld(
        feed.author().toString(),
        core.nameOf(feed.author()),
        Long.toUnsignedString(feed.epoch()),
        withheld.heldSeq(),
        withheld.toldSeq(),
        withheld.peers(),
        withheld.hearsay(),
        TimeUnit.NANOSECONDS.toSeconds(withheld.forNanos()));
  }

  Optional<RecordView> record(String hash) {
    try {
      return core.records().ledger().record(Hash.parse(hash)).map(this::view);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  List<InviteView> invites() {
    List<InviteView> invites = new ArrayList<>();
    long now = core.nowMillis();
    for (InviteState invite : core.records().ledger().roster().invites()) {
      invites.add(
          new InviteView(
              invite.inviteKey().toString(),
              core.nameOf(invite.issuer()),
              invite.uses(),
              invite.uses() - invite.usesLeft(),
              Instant.ofEpochMilli(invite.expiresAtMillis()),
              invite.record().toString(),
              invite.usesLeft(),
              invite.issuer().toString(),
              state(invite, now)));
    }
    return invites;
  }

  private static String state(InviteState invite, long nowMillis) {
    if (invite.endedHlc().isPresent()) {
      return "ended";
    }
    if (invite.usesLeft() == 0) {
      return "used-up";
    }
    return nowMillis > invite.expiresAtMillis() ? "expired" : "open";
  }
}
