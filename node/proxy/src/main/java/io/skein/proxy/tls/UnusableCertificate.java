package io.skein.proxy.tls;

/// A certificate, a key or a file of CAs cannot be used; the message says which and why.
public final class UnusableCertificate extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableCertificate(String message) {
    super(message);
  }

  UnusableCertificate(String message, Throwable cause) {
    super(message, cause);
  }
}
