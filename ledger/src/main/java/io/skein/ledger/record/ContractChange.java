package io.skein.ledger.record;

/// A change of the mesh's contracts: rules about services that every node evaluates. What a
/// contract asks for is a JSON text of at most [ServiceChange#MAX_DOCUMENT] bytes of UTF-8 that the
/// ledger carries without understanding it.
///
/// Constructors throw IllegalArgumentException for what the descriptions here do not allow.
public sealed interface ContractChange {
  /// The contract's name, unique in the mesh: 1 to 63 of a-z, 0-9 and dash, no dash at either end.
  String name();

  /// Adds or replaces a contract.
  ///
  /// @param name its name
  /// @param document what it asks for and what follows if it is broken
  record PutContract(String name, String document) implements ContractChange {
    public PutContract {
      Checks.label("name", name);
      Checks.document("document", document);
    }
  }

  /// Removes a contract.
  record RemoveContract(String name) implements ContractChange {
    public RemoveContract {
      Checks.label("name", name);
    }
  }
}
