package io.skein.ledger.key;

import java.security.GeneralSecurityException;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Which library computes signatures in this process. Any thread.
///
/// Bouncy Castle does until [#useNative] was called and found AWS-LC to work here; verdicts and
/// signatures are the same, see [Ed25519Library]. It is one choice for the whole process because it
/// changes nothing but the time that verification takes.
public final class SignatureLibrary {
  private static final BouncyCastle PORTABLE = new BouncyCastle();
  private static volatile Ed25519Library inForce = PORTABLE;

  private SignatureLibrary() {}

  /// What [#useNative] has come to.
  public sealed interface Choice {
    /// AWS-LC computes from now on.
    ///
    /// @param name library and version
    record Native(String name) implements Choice {}

    /// Bouncy Castle computes, as before.
    ///
    /// @param why why the other cannot: no library for this system or processor, no folder from
    ///   which a library may be loaded, a wrong answer to a known question
    record Portable(String why) implements Choice {}
  }

  /// Computes the tables that Bouncy Castle computes once in a process, which the first key or
  /// signature would have to wait for. Any thread.
  public static void prepare() {
    Ed25519.precompute();
  }

  /// Library and version in force.
  public static String name() {
    return inForce.name();
  }

  /// Loads AWS-LC, asks it what RFC 8032 knows the answers to, and puts it in force. Takes some 0.1
  /// s the first time; signatures can be verified meanwhile. Nothing is thrown, whatever the reason
  /// that it cannot be used.
  public static synchronized Choice useNative() {
    try {
      AwsLc library = AwsLc.load(PORTABLE);
      if (!KnownAnswers.given(library)) {
        return new Choice.Portable(library.name() + " gives wrong answers on this machine");
      }
      inForce = library;
      return new Choice.Native(library.name());
    } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
      return new Choice.Portable(String.valueOf(e.getMessage()));
    }
  }

  /// Back to Bouncy Castle.
  public static void usePortable() {
    inForce = PORTABLE;
  }

  static Ed25519Library inForce() {
    return inForce;
  }
}
