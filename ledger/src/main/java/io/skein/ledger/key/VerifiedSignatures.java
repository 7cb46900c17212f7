package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/// Remembers which signatures have been found good, so that each is computed once.
///
/// For a program that runs many nodes in one thread: a simulation, where every node would verify
/// the very bytes that all others verify. Nothing can be put in from outside: a signature is
/// remembered after [PublicKey#verifies] has computed it, and found again only by the same key, the
/// same message and the same signature, byte by byte. So verification answers what it would answer
/// without; only sooner. What was found bad is not remembered.
///
/// Grows by every good signature and forgets none: let it end with what it was made for. Confined
/// to one thread.
public final class VerifiedSignatures {
  static final ScopedValue<VerifiedSignatures> IN_FORCE = ScopedValue.newInstance();

  private final Set<Good> good = new HashSet<>();
  private final Set<Point> points = new HashSet<>();

  private record Good(byte[] key, byte[] message, byte[] signature) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Good that
          && Arrays.equals(signature, that.signature)
          && Arrays.equals(key, that.key)
          && Arrays.equals(message, that.message);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(signature);
    }
  }

  private record Point(byte[] key) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Point that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(key);
    }
  }

  /// Runs `work`; whatever it verifies in this thread is remembered here.
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(IN_FORCE, this).call(work::get);
  }

  /// How many signatures are remembered.
  public int size() {
    return good.size();
  }

  boolean verifies(byte[] key, byte[] message, byte[] signature) {
    Good asked = new Good(key, message, signature);
    if (good.contains(asked)) {
      return true;
    }
    boolean right = PublicKey.compute(key, message, signature);
    if (right) {
      good.add(new Good(key, message.clone(), signature.clone()));
    }
    return right;
  }

  boolean validates(byte[] key) {
    Point asked = new Point(key);
    if (points.contains(asked)) {
      return true;
    }
    boolean right = PublicKey.onCurve(key);
    if (right) {
      points.add(new Point(key.clone()));
    }
    return right;
  }
}
