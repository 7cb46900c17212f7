package io.skein.app.mesh;

import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.Roster;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Whose word counts: that of a member, as long as its identity had not ended when it wrote.
///
/// Which records are heeded is a function of the roster, and the roster changes: a revocation comes
/// after what it silences, a join after what it lets speak. For each author the youngest record
/// heeded and the oldest ignored are remembered; if the roster now says otherwise of either, what
/// was derived is wrong. Confined to the mesh thread.
final class Speakers {
  static final String ENDED = "after-end";
  static final String STRANGER = "no-member";

  private static final class Words {
    private long youngestHeeded = -1;
    private long oldestIgnored = Long.MAX_VALUE;
  }

  private final Roster roster;
  private final Map<NodeId, Words> words = new HashMap<>();
  private final SortedMap<String, Long> ignored = new TreeMap<>();
  private Optional<RosterSnapshot> seen = Optional.empty();

  Speakers(Roster roster) {
    this.roster = roster;
    ignored.put(ENDED, 0L);
    ignored.put(STRANGER, 0L);
  }

  /// Whether a record counts as the roster stands; notes the answer.
  boolean heeds(SignedRecord record) {
    Optional<Member> author = roster.member(record.author());
    boolean heeded = author.filter(member -> member.speaksAt(record.hlc())).isPresent();
    Words said = words.computeIfAbsent(record.author(), _ -> new Words());
    if (heeded) {
      said.youngestHeeded = Math.max(said.youngestHeeded, record.hlc());
    } else {
      said.oldestIgnored = Math.min(said.oldestIgnored, record.hlc());
      ignored.merge(author.isPresent() ? ENDED : STRANGER, 1L, Long::sum);
    }
    return heeded;
  }

  /// Whether by this record, just taken in by the roster, an earlier answer became wrong.
  boolean changedBy(SignedRecord record) {
    return record.body() instanceof Body.Membership && changed();
  }

  private boolean changed() {
    RosterSnapshot now = roster.snapshot();
    if (seen.isPresent() && seen.get() == now) {
      return false;
    }
    seen = Optional.of(now);
    return words.entrySet().stream()
        .anyMatch(entry -> wrong(now, entry.getKey(), entry.getValue()));
  }

  private static boolean wrong(RosterSnapshot now, NodeId author, Words said) {
    Optional<Member> member = now.member(author);
    boolean silenced =
        said.youngestHeeded >= 0 && member.filter(it -> it.speaksAt(said.youngestHeeded)).isEmpty();
    boolean speaks =
        said.oldestIgnored < Long.MAX_VALUE
            && member.filter(it -> it.speaksAt(said.oldestIgnored)).isPresent();
    return silenced || speaks;
  }

  /// How many records were ignored, by reason.
  SortedMap<String, Long> ignored() {
    return ignored;
  }
}
