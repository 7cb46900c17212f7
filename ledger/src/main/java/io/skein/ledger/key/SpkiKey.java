package io.skein.ledger.key;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/// A public key as the JDK's interfaces take it: SubjectPublicKeyInfo (RFC 8410 §4). The same
/// object each time, so that an engine that has just seen it need not read it again.
final class SpkiKey implements java.security.PublicKey {
  private static final long serialVersionUID = 1;
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final transient byte[] point;

  SpkiKey(byte[] point) {
    this.point = point;
  }

  @Override
  public String getAlgorithm() {
    return "EdDSA";
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  @Override
  public byte[] getEncoded() {
    byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + point.length);
    System.arraycopy(point, 0, encoded, PREFIX.length, point.length);
    return encoded;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key of the ledger");
  }
}
