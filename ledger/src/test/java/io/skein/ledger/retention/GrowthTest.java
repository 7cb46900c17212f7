package io.skein.ledger.retention;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What the disk of one node of five gains in a day with windows of ten seconds, from the sizes of
/// real records.
class GrowthTest {
  private static final int NODES = 5;
  private static final int WINDOWS = 8_640;
  private static final int CHECKPOINTS = 2_880;
  private static final int FRAME_BYTES = 8;
  private static final Hash SOME =
      Hash.of(
          new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5,
            6, 7, 8
          });
  private static final long MIB = 1 << 20;

  private final SigningKey key = SigningKey.generate(new SplittableRandom(1));

  private long bytes(Body body) {
    return FRAME_BYTES
        + SignedRecord.sign(key, SOME, 1L << 33, 100_001, SOME, 1L << 56, body).encodedLength();
  }

  private FeedId feed(int n) {
    return new FeedId(SigningKey.generate(new SplittableRandom(n)).nodeId(), 1L << 33 | n);
  }

  /// One request in every window to each of two endpoints, forwarded to every peer.
  private Body.Performance measured() {
    List<EndpointOutcome> endpoints =
        List.of(
            new EndpointOutcome("orders/a", 1, 0, 20_000, 20_000),
            new EndpointOutcome("orders/b", 1, 0, 20_000, 20_000));
    List<PeerOutcome> peers = new ArrayList<>();
    for (int i = 2; i <= NODES; i++) {
      peers.add(new PeerOutcome(feed(i).author(), 1, 0, new byte[0]));
    }
    peers.sort(java.util.Comparator.comparing(PeerOutcome::peer));
    return new Body.Performance(178_000_000, endpoints, peers);
  }

  private Body.Cosign cosigned() {
    List<Cosignature> all = new ArrayList<>();
    for (int i = 2; i <= 4; i++) {
      all.add(new Cosignature(feed(i), 100_000, Hash.ZERO, 1_800_000_000, new byte[64]));
    }
    all.sort(java.util.Comparator.comparing(Cosignature::feed));
    return new Body.Cosign(all);
  }

  private Body.Snapshot snapshot() {
    List<Cut> cuts = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      cuts.add(new Cut(feed(i), 100_000, Hash.ZERO));
    }
    cuts.sort(java.util.Comparator.comparing(Cut::feed));
    return new Body.Snapshot(cuts);
  }

  @Test
  void aDayOfFiveNodesStaysBelowFifteenMebibytes() {
    Body.Checkpoint checkpoint =
        new Body.Checkpoint(
            100_000, Hash.ZERO, Hash.ZERO, Hash.ZERO, 1_000, Hash.ZERO, new byte[64]);
    // A cosign record a checkpoint at most: a witness waits for a window and signs for three feeds.
    long recordsADay = (long) NODES * (WINDOWS + CHECKPOINTS + CHECKPOINTS);
    long mayGo =
        NODES
            * (WINDOWS * bytes(measured())
                + CHECKPOINTS * bytes(checkpoint)
                + CHECKPOINTS * bytes(cosigned()));
    long hashes = recordsADay * Hash.BYTES;
    long snapshots = 24 * bytes(snapshot());
    String figures =
        String.format(
            java.util.Locale.ROOT,
            "records %d bytes: measured %d, checkpoint %d, cosign %d, snapshot %d;"
                + " held for a day %.1f MiB; growth a day %.2f MiB",
            recordsADay,
            bytes(measured()),
            bytes(checkpoint),
            bytes(cosigned()),
            bytes(snapshot()),
            (double) mayGo / MIB,
            (double) (hashes + snapshots) / MIB);
    System.out.println(figures);
    assertTrue(hashes + snapshots <= 15 * MIB, figures);
  }
}
