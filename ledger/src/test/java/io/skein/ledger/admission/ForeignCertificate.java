package io.skein.ledger.admission;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/// A sound certificate that sends other bytes than its own.
final class ForeignCertificate extends X509Certificate {
  private static final long serialVersionUID = 1L;

  private final transient X509Certificate sound;
  private final transient byte[] sent;

  ForeignCertificate(X509Certificate sound, byte[] sent) {
    this.sound = sound;
    this.sent = sent.clone();
  }

  @Override
  public byte[] getEncoded() {
    return sent.clone();
  }

  @Override
  public void checkValidity() {}

  @Override
  public void checkValidity(Date date) {}

  @Override
  public int getVersion() {
    return sound.getVersion();
  }

  @Override
  public BigInteger getSerialNumber() {
    return sound.getSerialNumber();
  }

  @Override
  @SuppressWarnings("deprecation") // X509Certificate demands it
  public Principal getIssuerDN() {
    return sound.getIssuerX500Principal();
  }

  @Override
  @SuppressWarnings("deprecation") // X509Certificate demands it
  public Principal getSubjectDN() {
    return sound.getSubjectX500Principal();
  }

  @Override
  public Date getNotBefore() {
    return sound.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return sound.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() throws java.security.cert.CertificateEncodingException {
    return sound.getTBSCertificate();
  }

  @Override
  public byte[] getSignature() {
    return sound.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return sound.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return sound.getSigAlgOID();
  }

  @Override
  public byte[] getSigAlgParams() {
    return sound.getSigAlgParams();
  }

  @Override
  public boolean[] getIssuerUniqueID() {
    return sound.getIssuerUniqueID();
  }

  @Override
  public boolean[] getSubjectUniqueID() {
    return sound.getSubjectUniqueID();
  }

  @Override
  public boolean[] getKeyUsage() {
    return sound.getKeyUsage();
  }

  @Override
  public int getBasicConstraints() {
    return sound.getBasicConstraints();
  }

  @Override
  public void verify(PublicKey key) throws CertificateException {}

  @Override
  public void verify(PublicKey key, String provider) throws CertificateException {}

  @Override
  public String toString() {
    return "ForeignCertificate";
  }

  @Override
  public PublicKey getPublicKey() {
    return sound.getPublicKey();
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return false;
  }

  @Override
  public Set<String> getCriticalExtensionOIDs() {
    return sound.getCriticalExtensionOIDs();
  }

  @Override
  public Set<String> getNonCriticalExtensionOIDs() {
    return sound.getNonCriticalExtensionOIDs();
  }

  @Override
  public byte[] getExtensionValue(String oid) {
    return sound.getExtensionValue(oid);
  }
}
