package io.skein.app.receipts;

import io.skein.api.ReceiptAnswer;
import io.skein.api.view.ReceiptView;
import io.skein.app.config.ReceiptsConfig;
import io.skein.ledger.cbor.CborException;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.receipt.Receipts.Found;
import io.skein.ledger.record.Hash;
import io.skein.proxy.outcome.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Receipts for the API. Any thread.
public final class ReceiptViews {
  private final ReceiptBook book;
  private final ReceiptsConfig config;

  public ReceiptViews(ReceiptBook book, ReceiptsConfig config) {
    this.book = book;
    this.config = config;
  }

  /// What there is about a receipt, by the text form of its id.
  public CompletionStage<ReceiptAnswer> receipt(String text) {
    Optional<ReceiptId> id = ReceiptId.parse(text);
    if (id.isEmpty()) {
      return CompletableFuture.completedFuture(new ReceiptAnswer.Unknown("it is no id"));
    }
    return book.find(id.get())
        .thenCompose(found ->
            found.isPresent()
                ? CompletableFuture.<ReceiptAnswer>completedFuture(
                    new ReceiptAnswer.Found(view(found.get())))
                : book.since().<ReceiptAnswer>thenApply(this::unknown))
        .exceptionally(_ -> new ReceiptAnswer.Busy());
  }

  private ReceiptAnswer unknown(Optional<Long> since) {
    return new ReceiptAnswer.Unknown(
        "this node keeps its own receipts, in memory, for "
            + config.keep().toSeconds()
            + " s and within "
            + config.budgetBytes()
            + " bytes: now "
            + book.counts().kept()
            + since.map(from -> ", of windows since " + Instant.ofEpochMilli(from)).orElse(""));
  }

  private static ReceiptView view(Found found) {
    Receipt receipt;
    try {
      receipt = Receipt.decode(found.leaf());
    } catch (CborException e) {
      throw new IllegalStateException("a leaf of our own", e);
    }
    long index = 0;
    long size = 0;
    List<String> hashes = List.of();
    String root = "";
    String record = "";
    switch (found) {
      case Found.Open open -> index = open.index();
      case Found.Closed closed -> {
        index = closed.proof().index();
        size = closed.proof().size();
        hashes = closed.proof().hashes().stream().map(Hash::toString).toList();
        root = closed.root().toString();
        record = closed.record().map(Hash::toString).orElse("");
      }
    }
    return new ReceiptView(
        ReceiptView.FORMAT,
        receipt.id().toString(),
        size == 0 ? "open" : record.isEmpty() ? "closed" : "recorded",
        Instant.EPOCH.plus(receipt.startMicros(), ChronoUnit.MICROS),
        receipt.service(),
        receipt.method().name().toLowerCase(Locale.ROOT),
        receipt.endpoint(),
        receipt.peer(),
        receipt.outcome(),
        word(receipt),
        receipt.status(),
        receipt.latencyMicros(),
        receipt.tries(),
        receipt.bytesIn(),
        receipt.bytesOut(),
        Base64.getEncoder().encodeToString(found.leaf()),
        ReceiptProof.hash(found.leaf()).toString(),
        found.window(),
        index,
        size,
        hashes,
        root,
        record,
        record.isEmpty() ? "" : "/v1/ledger/proofs/inclusion?hash=" + record);
  }

  private static String word(Receipt receipt) {
    if (receipt.outcome() == Reason.OK.number()) {
      return (receipt.tries() > 1 ? Reason.RETRY_OK : Reason.OK).token();
    }
    for (Reason reason : Reason.values()) {
      if (reason.number() == receipt.outcome()) {
        return reason.token();
      }
    }
    return "";
  }
}
