package io.skein.api;

import io.skein.api.view.ReceiptView;

/// What is to be had about a receipt.
public sealed interface ReceiptAnswer {
  /// It is kept.
  record Found(ReceiptView receipt) implements ReceiptAnswer {}

  /// It is not kept, or never was.
  ///
  /// @param kept a sentence about what is
  record Unknown(String kept) implements ReceiptAnswer {}

  /// Too much is asked at once.
  record Busy() implements ReceiptAnswer {}
}
