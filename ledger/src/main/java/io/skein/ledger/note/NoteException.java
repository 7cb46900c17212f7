package io.skein.ledger.note;

/// A text is no note, or not of the form asked for. The message says what was expected.
public final class NoteException extends Exception {
  private static final long serialVersionUID = 1L;

  NoteException(String message) {
    super(message);
  }
}
