package io.skein.app.rumor;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.record.Hash;
import io.skein.routing.experiment.Evidence;
import java.util.List;
import java.util.Optional;

/// What a node found out in the experiments that it runs.
///
/// @param parts at most [#MOST]
public record Trials(List<Part> parts) implements Rumor {
  public static final String KEY = "trials";
  public static final int MOST = 40;
  private static final int NUMBERS = 24;
  private static final int ITEMS = NUMBERS + 2;

  /// @param run the experiment's identity, in hexadecimal digits
  /// @param ageSeconds for how long the node runs it
  public record Part(String run, long ageSeconds, Evidence evidence) {}

  public Trials {
    parts = List.copyOf(parts);
  }

  /// What is told about one experiment.
  public Optional<Part> of(String run) {
    return parts.stream().filter(part -> part.run().equals(run)).findFirst();
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(parts.size());
    for (Part part : parts) {
      out.array(ITEMS).bytes(Hash.parse(part.run()).toBytes()).unsigned(part.ageSeconds());
      for (double number : part.evidence().numbers()) {
        out.unsigned(Double.doubleToLongBits(number));
      }
    }
    return out.toBytes();
  }

  public static Optional<Trials> decode(byte[] bytes) {
    return Versioned.read(
        bytes, 2, in -> new Trials(Versioned.list(in, MOST, ITEMS, Trials::part)));
  }

  private static Part part(CborReader in) throws CborException {
    String run = Hash.of(in.bytesOf(Hash.BYTES)).toString();
    long age = in.integer(0, 1L << 32);
    double[] numbers = new double[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] = Double.longBitsToDouble(in.unsigned());
    }
    return new Part(
        run,
        age,
        Evidence.of(numbers).orElseThrow(() -> new CborException("numbers that no node finds")));
  }
}
