package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Questions to a library whose answers are known: the second and third test of RFC 8032 §7.1, and
/// what must be refused of them: every byte changed, and a signature with a part of small order
/// that only the equation without cofactor refuses.
final class KnownAnswers {
  private record Question(byte[] seed, byte[] message, byte[] signature) {
    static Question of(String seed, String message, String signature) {
      HexFormat hex = HexFormat.of();
      return new Question(hex.parseHex(seed), hex.parseHex(message), hex.parseHex(signature));
    }
  }

  private static final List<Question> QUESTIONS =
      List.of(
          Question.of(
              "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
              "72",
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                  + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
          Question.of(
              "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
              "af82",
              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                  + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));

  /// By the first key over the first message, `R` being `B` and a point of order 8.
  private static final byte[] MIXED_ORDER =
      HexFormat.of()
          .parseHex(
              "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819"
                  + "4ef5a0ba81641a15df29eff27aa679daff0db06a08e08eaecacbfcd9650b0a0c");

  private KnownAnswers() {}

  /// Whether `library` gives them.
  static boolean given(Ed25519Library library) {
    for (Question question : QUESTIONS) {
      SigningKey key = SigningKey.ofSeed(question.seed);
      PublicKey holder = key.publicKey();
      if (!Arrays.equals(library.sign(key, question.message), question.signature)
          || !library.verifies(holder, question.message, question.signature)
          || library.verifies(holder, new byte[0], question.signature)) {
        return false;
      }
      for (int at = 0; at < question.signature.length; at++) {
        byte[] wrong = question.signature.clone();
        wrong[at] ^= 1;
        if (library.verifies(holder, question.message, wrong)) {
          return false;
        }
      }
    }
    Question first = QUESTIONS.getFirst();
    return !library.verifies(SigningKey.ofSeed(first.seed).publicKey(), first.message, MIXED_ORDER);
  }
}
