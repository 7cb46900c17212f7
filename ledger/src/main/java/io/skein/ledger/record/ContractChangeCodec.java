package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;

/// Changes of contracts as CBOR arrays: a code for the kind of change, then its components in
/// order.
final class ContractChangeCodec {
  private static final int PUT = 1;
  private static final int REMOVE = 2;

  private ContractChangeCodec() {}

  static void write(ContractChange change, CborWriter out) {
    switch (change) {
      case ContractChange.PutContract(String name, String document) ->
          out.array(3).integer(PUT).text(name).text(document);
      case ContractChange.RemoveContract(String name) -> out.array(2).integer(REMOVE).text(name);
    }
  }

  static ContractChange read(CborReader in) throws CborException {
    int items = in.array(3);
    long kind = in.integer();
    if (kind == PUT && items == 3) {
      return new ContractChange.PutContract(
          in.text(Body.MAX_TEXT), in.text(ServiceChange.MAX_DOCUMENT));
    }
    if (kind == REMOVE && items == 2) {
      return new ContractChange.RemoveContract(in.text(Body.MAX_TEXT));
    }
    throw new CborException("expected a change of a contract");
  }
}
