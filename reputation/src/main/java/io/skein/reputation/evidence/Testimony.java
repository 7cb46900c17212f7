package io.skein.reputation.evidence;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one author said about one window, with counts capped and bad counts about peers only where
/// the peer acknowledged contact.
final class Testimony {
  /// Most outcomes that count per (rater, subject, window): beyond it the ratio is kept and the sum
  /// becomes this, so that one busy rater's window weighs no more than a thousand requests.
  static final int MAX_COUNT = 1_000;

  private static final int SAID = 4;

  final long window;
  final long epoch;
  final long seq;
  final Hash record;
  private int[] numbers = new int[0];
  private int[] good = new int[0];
  private int[] bad = new int[0];
  // What was said of endpoints, uncapped, four numbers each; endpoints come before peers.
  private int[] said = new int[0];
  private final List<Waiting> waiting = new ArrayList<>(0);

  /// A bad count whose peer's key is not known yet.
  private record Waiting(int at, PeerOutcome outcome) {}

  Testimony(long window, long epoch, long seq, Hash record) {
    this.window = window;
    this.epoch = epoch;
    this.seq = seq;
    this.record = record;
  }

  /// Whether this one takes the ring's cell from `other`: the newer window does; within a window
  /// the author's first word does (lower epoch, then lower sequence number, then lower hash). A
  /// total order, so that the cell's final owner does not depend on the order of arrival.
  boolean precedes(Testimony other) {
    if (window != other.window) {
      return window > other.window;
    }
    int order = Long.compareUnsigned(epoch, other.epoch);
    if (order == 0) {
      order = Long.compareUnsigned(seq, other.seq);
    }
    if (order == 0) {
      order = record.compareTo(other.record);
    }
    return order < 0;
  }

  /// Takes in the outcomes. One that names a subject a second time or speaks about its own author
  /// is left out.
  void fill(NodeId author, Body.Performance body, SubjectTable table, AcknowledgementCheck check) {
    int most = body.endpoints().size() + body.peers().size();
    numbers = new int[most];
    good = new int[most];
    bad = new int[most];
    said = new int[body.endpoints().size() * SAID];
    int size = 0;
    Set<Subject> named = new HashSet<>();
    for (EndpointOutcome outcome : body.endpoints()) {
      Subject subject = new EndpointSubject(outcome.endpoint());
      if (named.add(subject)) {
        numbers[size] = table.acquire(subject);
        said[size * SAID] = outcome.good();
        said[size * SAID + 1] = outcome.bad();
        said[size * SAID + 2] = (int) Math.min(Integer.MAX_VALUE, outcome.p50Micros());
        said[size * SAID + 3] = (int) Math.min(Integer.MAX_VALUE, outcome.p99Micros());
        count(size++, outcome.good(), outcome.bad());
      }
    }
    said = Arrays.copyOf(said, size * SAID);
    for (PeerOutcome outcome : body.peers()) {
      if (outcome.peer().equals(author)) {
        continue;
      }
      Subject subject = new PeerSubject(outcome.peer());
      if (named.add(subject)) {
        numbers[size] = table.acquire(subject);
        countPeer(size++, author, outcome, check);
      }
    }
    numbers = Arrays.copyOf(numbers, size);
    good = Arrays.copyOf(good, size);
    bad = Arrays.copyOf(bad, size);
  }

  private void countPeer(int at, NodeId author, PeerOutcome outcome, AcknowledgementCheck check) {
    boolean blames = outcome.bad() > 0 && outcome.acknowledgement().length > 0;
    count(at, outcome.good(), 0);
    if (blames) {
      switch (check.check(outcome.peer(), author, window, outcome.acknowledgement())) {
        case VALID -> count(at, outcome.good(), outcome.bad());
        case INVALID -> {}
        case UNKNOWN_PEER -> waiting.add(new Waiting(at, outcome));
      }
    }
  }

  /// Asks again about the peers that were unknown.
  void resolve(NodeId author, AcknowledgementCheck check) {
    if (waiting.isEmpty()) {
      return;
    }
    waiting.removeIf(wait -> {
      PeerOutcome outcome = wait.outcome();
      return switch (check.check(outcome.peer(), author, window, outcome.acknowledgement())) {
        case VALID -> {
          count(wait.at(), outcome.good(), outcome.bad());
          yield true;
        }
        case INVALID -> true;
        case UNKNOWN_PEER -> false;
      };
    });
  }

  private void count(int at, int goods, int bads) {
    long sum = (long) goods + bads;
    if (sum <= MAX_COUNT) {
      good[at] = goods;
      bad[at] = bads;
    } else {
      good[at] = (int) ((goods * (long) MAX_COUNT + sum / 2) / sum);
      bad[at] = MAX_COUNT - good[at];
    }
  }

  void release(SubjectTable table) {
    for (int number : numbers) {
      table.release(number);
    }
  }

  /// Whether anything is said at a place.
  boolean counts(int at) {
    return (good[at] | bad[at]) != 0;
  }

  /// Adds the counts to `sums`; newer testimonies of the same author must be there already.
  ///
  /// @param age in windows of ledger time
  void addTo(Sums sums, int age) {
    for (int i = 0; i < numbers.length; i++) {
      if (counts(i)) {
        sums.add(numbers[i], good[i], bad[i], age);
      }
    }
  }

  /// Where the subject numbered `number` stands, or −1.
  int find(int number) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == number) {
        return i;
      }
    }
    return -1;
  }

  /// Shows what was said of endpoints.
  void show(SubjectTable table, EndpointWords words) {
    for (int i = 0; i * SAID < said.length; i++) {
      if (table.subject(numbers[i]) instanceof EndpointSubject endpoint) {
        words.said(
            endpoint.id(),
            said[i * SAID],
            said[i * SAID + 1],
            said[i * SAID + 2],
            said[i * SAID + 3]);
      }
    }
  }

  int good(int at) {
    return good[at];
  }

  int bad(int at) {
    return bad[at];
  }
}
