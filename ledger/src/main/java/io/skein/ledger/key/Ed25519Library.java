package io.skein.ledger.key;

/// Computes Ed25519 signatures (RFC 8032, PureEdDSA). Any thread.
///
/// Nodes whose libraries differ must come to equal verdicts, or their ledgers would part. So there
/// is one rule, and every library keeps all of it. With `A` the key's point, which is canonical and
/// of prime order by [PublicKey]'s own check, `L` the order of the base point `B`, and a signature
/// `R ‖ S`, a signature is right exactly if
///
/// 1. `S` < `L`;
/// 2. `R` is the canonical encoding of a point;
/// 3. `[S]B = R + [k]A`, `k` = SHA-512(`R` ‖ `A` ‖ message) mod `L`, without cofactor.
///
/// RFC 8032 §5.1.7 allows this equation and the one multiplied by 8. They differ where `R` has a
/// part of small order, which no honest signer makes: with `A` of prime order, (3) can hold only if
/// `R` is in the group of prime order as well (the neutral element included). This is also what
/// OpenSSL, the JDK and browsers answer.
sealed interface Ed25519Library permits BouncyCastle, AwsLc {
  /// What people are shown.
  String name();

  /// Whether `signature`, which is 64 bytes, is right.
  boolean verifies(PublicKey key, byte[] message, byte[] signature);

  /// The 64 bytes of RFC 8032 §5.1.6, which are the same from every library.
  byte[] sign(SigningKey key, byte[] message);
}
