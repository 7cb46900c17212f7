package io.skein.reputation.contract;

/// How an endpoint of the catalogue stands, by the ledger alone.
public enum Place {
  /// It may take requests.
  OPEN,
  /// The mesh has set it aside.
  SET_ASIDE,
  /// An operator takes it out.
  LEAVING
}
