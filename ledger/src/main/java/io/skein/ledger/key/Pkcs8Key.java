package io.skein.ledger.key;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;

/// A secret key as the JDK's interfaces take it. The same object each time, so that an engine that
/// has seen it need not read it again.
final class Pkcs8Key implements PrivateKey {
  private static final long serialVersionUID = 1;

  private final transient byte[] seed;

  Pkcs8Key(byte[] seed) {
    this.seed = seed;
  }

  @Override
  public String getAlgorithm() {
    return "EdDSA";
  }

  @Override
  public String getFormat() {
    return "PKCS#8";
  }

  @Override
  public byte[] getEncoded() {
    return Pkcs8.encode(seed);
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a secret key");
  }
}
