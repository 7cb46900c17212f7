package io.skein.api;

import io.skein.api.view.ConsistencyView;
import io.skein.api.view.ProofView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Proofs of nothing, in the right form.
final class FakeProofs implements LedgerProofs {
  static final String PROVEN = "1111111111111111111111111111111111111111111111111111111111111111";
  static final String UNCOVERED = "2222222222222222222222222222222222222222222222222222222222222222";
  static final String NOTE = "skein/x\n7\nroot\n\n\u2014 skein/x c2ln\n";

  @Override
  public CompletionStage<Inclusion> inclusion(String hash) {
    return CompletableFuture.completedFuture(
        switch (hash) {
          case PROVEN ->
              new Inclusion.Proven(
                  new ProofView(
                      ProofView.FORMAT, "33".repeat(32), "a".repeat(26), "4294967296", 5, PROVEN,
                      "0oQ=", 4, 7, List.of("44".repeat(32)), NOTE, "k+00000000+AQ==", List.of(),
                      List.of("0oQ=")));
          case UNCOVERED -> new Inclusion.Uncovered();
          default -> new Inclusion.Unknown();
        });
  }

  @Override
  public CompletionStage<Optional<ConsistencyView>> consistency(
      String author, long epoch, long from, long to) {
    return CompletableFuture.completedFuture(
        to > 7
            ? Optional.empty()
            : Optional.of(
                new ConsistencyView(
                    author, Long.toUnsignedString(epoch), from, to, "55".repeat(32),
                    "66".repeat(32), List.of())));
  }

  @Override
  public CompletionStage<Optional<byte[]>> checkpoint(String author, long epoch) {
    return CompletableFuture.completedFuture(
        epoch == 1 ? Optional.of(NOTE.getBytes(StandardCharsets.UTF_8)) : Optional.empty());
  }

  @Override
  public CompletionStage<Optional<byte[]>> tile(
      String author, long epoch, int level, String path) {
    return text("tile " + level + " " + path);
  }

  @Override
  public CompletionStage<Optional<byte[]>> entries(String author, long epoch, String path) {
    return text("entries " + path);
  }

  private static CompletionStage<Optional<byte[]>> text(String text) {
    return CompletableFuture.completedFuture(
        text.contains("999")
            ? Optional.empty()
            : Optional.of(text.getBytes(StandardCharsets.UTF_8)));
  }
}
