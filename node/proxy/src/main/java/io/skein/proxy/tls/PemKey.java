package io.skein.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Reads private keys: PKCS #8 (RFC 5958), plain or encrypted, and the older forms of PKCS #1 (RFC
/// 8017 A.1.2) and SEC 1 (RFC 5915), which are wrapped into PKCS #8 first.
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final byte[] RSA_ALGORITHM = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC_OID = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int PARAMETERS = 0xa0;

  private PemKey() {}

  /// @param password empty if the key is not encrypted
  /// @param algorithm that of the certificate's key: `RSA`, `EC`, `EdDSA`
  static PrivateKey read(String pem, String password, String algorithm)
      throws GeneralSecurityException, IOException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException("no private key in it");
    }
    byte[] raw;
    try {
      raw = Base64.getMimeDecoder().decode(block.group(2).getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("it is not base64", e);
    }
    PKCS8EncodedKeySpec spec =
        switch (block.group(1)) {
          case "RSA PRIVATE KEY" ->
              new PKCS8EncodedKeySpec(der(SEQUENCE, VERSION_0, RSA_ALGORITHM, der(OCTETS, raw)));
          case "EC PRIVATE KEY" ->
              new PKCS8EncodedKeySpec(
                  der(SEQUENCE, VERSION_0, der(SEQUENCE, EC_OID, curve(raw)), der(OCTETS, raw)));
          case "ENCRYPTED PRIVATE KEY" -> decrypt(raw, password);
          default -> new PKCS8EncodedKeySpec(raw);
        };
    return KeyFactory.getInstance(algorithm).generatePrivate(spec);
  }

  private static PKCS8EncodedKeySpec decrypt(byte[] raw, String password)
      throws GeneralSecurityException, IOException {
    if (password.isEmpty()) {
      throw new GeneralSecurityException("it is encrypted, and there is no password");
    }
    EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(raw);
    // For PBES2 the parameters name the scheme.
    String scheme =
        sealed.getAlgParameters() == null
            ? sealed.getAlgName()
            : sealed.getAlgParameters().toString();
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
    try {
      SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(spec);
      javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance(scheme);
      cipher.init(javax.crypto.Cipher.DECRYPT_MODE, key, sealed.getAlgParameters());
      return sealed.getKeySpec(cipher);
    } finally {
      spec.clearPassword();
    }
  }

  /// The curve's name within ECPrivateKey: SEQUENCE, version, key, then `[0]` with an OID.
  private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
    try {
      int at = content(sec1, 0);
      at = end(sec1, at);
      at = end(sec1, at);
      if ((sec1[at] & 0xff) == PARAMETERS) {
        int inner = content(sec1, at);
        if (sec1[inner] == OBJECT_ID) {
          return Arrays.copyOfRange(sec1, inner, end(sec1, inner));
        }
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new GeneralSecurityException("it is cut short", e);
    }
    throw new GeneralSecurityException("it does not name its curve");
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = 0; first >= 0x80 && i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return content(der, at) + length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = List.of(parts).stream().mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      out.write(0x80 | bytes);
      for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        out.write(length >>> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
