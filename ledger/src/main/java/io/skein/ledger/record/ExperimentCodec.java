package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;

/// Results of experiments as CBOR arrays, the items in the order of the components.
final class ExperimentCodec {
  private static final int ITEMS = 13;
  private static final int ARM_ITEMS = 3;

  private ExperimentCodec() {}

  static void write(Body.Experiment result, CborWriter out) {
    out.array(ITEMS)
        .bytes(result.run().toBytes())
        .text(result.route())
        .text(result.name())
        .text(result.verdict())
        .integer(result.seconds())
        .integer(result.nodes());
    write(result.control(), out);
    write(result.treatment(), out);
    out.integer(result.latencyMicros())
        .integer(result.latencyWidthMicros())
        .integer(result.harmMillis())
        .integer(result.gainMillis())
        .integer(result.enoughMillis());
  }

  private static void write(ExperimentArm arm, CborWriter out) {
    out.array(ARM_ITEMS).integer(arm.requests()).integer(arm.failed()).integer(arm.meanMicros());
  }

  static Body.Experiment read(CborReader in) throws CborException {
    in.arrayOf(ITEMS);
    return new Body.Experiment(
        Hash.of(in.bytesOf(Hash.BYTES)),
        in.text(Body.MAX_TEXT),
        in.text(Body.MAX_TEXT),
        in.text(Body.MAX_TEXT),
        in.integer(),
        (int) in.integer(0, Integer.MAX_VALUE),
        arm(in),
        arm(in),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer());
  }

  private static ExperimentArm arm(CborReader in) throws CborException {
    in.arrayOf(ARM_ITEMS);
    return new ExperimentArm(in.integer(), in.integer(), in.integer());
  }
}
