package io.skein.ledger.record;

import java.util.List;
import java.util.stream.IntStream;

/// Codes of record types. A code is never reused.
public final class RecordType {
  public static final int GENESIS = 1;
  public static final int INVITE = 2;
  public static final int JOIN = 3;
  public static final int ROTATE = 4;
  public static final int REVOKE = 5;
  public static final int EPOCH = 6;
  public static final int PERFORMANCE = 7;
  public static final int RECEIPTS = 8;
  public static final int SERVICE = 9;
  public static final int SHADOW = 10;
  public static final int HEAL = 11;
  public static final int CHECKPOINT = 12;
  public static final int COSIGN = 13;
  public static final int FORK_PROOF = 14;
  public static final int SNAPSHOT = 15;

  /// What came of a repair. It came after the form of the others was frozen: nodes without a name
  /// for it carry its records, and may let them go when a feed is cut.
  public static final int EFFECT = 16;

  /// The first that came after the form of the others was frozen. Its records stay when a feed is
  /// cut, also for those who have no name for it.
  public static final int CONTRACT = 32_768;

  /// An experiment on a route has ended. Its records stay: without them it would begin again.
  public static final int EXPERIMENT = 32_769;

  private static final List<String> NAMES =
      List.of(
          "genesis",
          "invite",
          "join",
          "rotate",
          "revoke",
          "epoch",
          "performance",
          "receipts",
          "service",
          "shadow",
          "heal",
          "checkpoint",
          "cosign",
          "fork-proof",
          "snapshot",
          "effect");

  /// The codes that have a name here, rising.
  public static final List<Integer> NAMED =
      IntStream.concat(IntStream.rangeClosed(GENESIS, EFFECT), IntStream.of(CONTRACT, EXPERIMENT))
          .boxed()
          .toList();

  /// Types from here on that a version has no name for stay when a feed is cut; others may go.
  public static final int UNNAMED_STAYING = 32_768;

  private RecordType() {}

  /// The name of a code; `type-N` for a code this version has no name for.
  public static String nameOf(int type) {
    if (type == CONTRACT) {
      return "contract";
    }
    if (type == EXPERIMENT) {
      return "experiment";
    }
    return type >= 1 && type <= NAMES.size() ? NAMES.get(type - 1) : "type-" + type;
  }

  /// Whether records of a type stay for ever when a feed is cut: those that say who belongs to the
  /// mesh, what it serves, what was set aside, who cheated and where feeds were cut. What was
  /// measured, received and witnessed may go. Part of the format: checkpoints count by it.
  public static boolean stays(int type) {
    return switch (type) {
      case GENESIS, INVITE, JOIN, ROTATE, REVOKE, EPOCH, SERVICE, HEAL, FORK_PROOF, SNAPSHOT ->
          true;
      default -> type >= UNNAMED_STAYING;
    };
  }
}
