package io.skein.cli;

import java.util.List;
import java.util.Set;

/// All verbs of the client, in the order of the help text.
final class Verbs {
  static final List<Verb> ALL =
      List.of(
          MeshVerbs.HEALTHCHECK,
          MeshVerbs.STATUS,
          MeshVerbs.MEMBERS,
          MeshVerbs.RTT,
          ConfigVerbs.RUNNING,
          CatalogueVerbs.SERVICES,
          CatalogueVerbs.ENDPOINTS,
          CatalogueVerbs.CHECKS,
          ClassVerbs.CLASSES,
          RouteVerbs.ROUTES,
          RouteVerbs.EXPLAIN,
          RouteVerbs.CHOICE,
          ExperimentVerbs.LIST,
          ExperimentVerbs.SHOW,
          ForesightVerbs.FORECAST,
          ForesightVerbs.SHADOWS,
          ForesightVerbs.HEALING,
          ForesightVerbs.OWNERS,
          ForesightVerbs.REPUTATION,
          ChangeVerbs.REGISTER,
          ChangeVerbs.DEREGISTER,
          ChangeVerbs.DRAIN,
          RouteVerbs.PUT,
          RouteVerbs.REMOVE,
          ExperimentVerbs.STOP,
          ContractVerbs.LIST,
          ContractVerbs.SHOW,
          ContractVerbs.ADD,
          ContractVerbs.REMOVE,
          ConfigVerbs.RELOAD,
          IdentityVerbs.INVITE,
          IdentityVerbs.INVITES,
          IdentityVerbs.REVOKE,
          IdentityVerbs.ROTATE,
          IdentityVerbs.ENCRYPT,
          IdentityVerbs.DECRYPT,
          LedgerReadVerbs.LEDGER,
          LedgerVerbs.HEAD,
          LedgerReadVerbs.TAIL,
          LedgerVerbs.GET,
          LedgerReadVerbs.SEARCH,
          LedgerReadVerbs.DIGEST,
          ProofVerbs.PROVE,
          LedgerVerbs.VERIFY,
          ReceiptVerbs.RECEIPT,
          HelpVerbs.COMPLETION,
          HelpVerbs.HELP,
          HelpVerbs.VERSION);

  /// Verbs that change something, which are not repeated.
  static final Set<String> CHANGES =
      Set.of(
          "register",
          "deregister",
          "drain",
          "route put",
          "route remove",
          "experiment stop",
          "contract add",
          "contract remove",
          "reload",
          "invite",
          "revoke",
          "rotate",
          "key encrypt",
          "key decrypt");

  private Verbs() {}
}
