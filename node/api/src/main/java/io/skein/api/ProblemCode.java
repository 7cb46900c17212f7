package io.skein.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Codes of problems. A code is never renamed.
enum ProblemCode {
  NOT_FOUND("No such path", "Nothing is served at this path.", "See the README of the API."),
  METHOD_NOT_ALLOWED(
      "Method not allowed", "The path exists, the method does not.", "See the Allow header."),
  UNKNOWN_PARAMETER(
      "Unknown query parameter",
      "The path does not take this query parameter; it is refused, for it would be ignored.",
      "Remove it, or correct its name."),
  INVALID_PARAMETER(
      "Invalid query parameter or path",
      "A parameter is not of the expected form or out of range.",
      "The detail says what is expected."),
  MALFORMED_JSON(
      "Malformed JSON",
      "The body is not one JSON object (RFC 8259) with distinct members.",
      "The detail says line and column of the first mistake."),
  INVALID_BODY(
      "Invalid body",
      "The body is JSON, but not what this path takes.",
      "Each of the errors points to a member and says what is expected there."),
  BODY_TOO_LARGE("Body too large", "A body may have 64 KiB.", "Send less."),
  UNSUPPORTED_MEDIA_TYPE(
      "Unsupported media type", "Bodies are JSON.", "Send Content-Type: application/json."),
  MISDIRECTED_HOST(
      "Misdirected request",
      "The Host names a host that this API does not answer for. This keeps pages of other sites"
          + " from reaching it under a name of their own.",
      "Use the address it is bound to, or add the name to the API's allowed hosts."),
  CROSS_ORIGIN(
      "Cross-origin change", "A page of another origin asked for a change.", "Use the CLI."),
  TOO_MANY_STREAMS(
      "Too many event streams",
      "The limit of open event streams is reached.",
      "Close one, or poll the paths instead."),
  NOT_READY("Not ready", "The node does not take traffic now.", "See /readyz?verbose."),
  INTERNAL("Internal error", "A mistake of ours.", "The node's log says more."),
  UNAVAILABLE("Unavailable", "The node cannot do this now.", "Try again."),
  CONFLICT("Conflict", "The change contradicts the mesh's state.", "Look at the state again."),
  UNKNOWN_MEMBER("Unknown member", "No member has this name or id.", "See /v1/members."),
  AMBIGUOUS_MEMBER(
      "Ambiguous member",
      "Several members have this name.",
      "Name one by its id; the detail lists them."),
  ALREADY_REVOKED("Already revoked", "The member's identity has ended.", "Nothing is to be done."),
  ALREADY_ROTATED(
      "Already rotated",
      "This node's identity was handed on; its process still runs with the old key.",
      "Restart the node."),
  NO_PEER(
      "No peer reachable",
      "The rotation would be known to this node alone.",
      "Wait until a peer is alive, or force it."),
  KEY_FILE("Key file", "A key file could not be made or used.", "The detail says why."),
  UNKNOWN_SERVICE("Unknown service", "No service has this name.", "See /v1/services."),
  UNKNOWN_ROUTE("Unknown route", "The mesh has no route of this name.", "See /v1/routes."),
  UNKNOWN_EXPERIMENT(
      "Unknown experiment", "No experiment of this name runs here.", "See /v1/experiments."),
  UNKNOWN_CONTRACT(
      "Unknown contract", "The mesh has no contract of this name.", "See /v1/contracts."),
  TOO_MANY_CONTRACTS(
      "Too many contracts", "The mesh judges no more of them.", "Remove one that is not needed."),
  UNKNOWN_ENDPOINT("Unknown endpoint", "The service has no such endpoint.", "See /v1/services."),
  UNKNOWN_POLICY("Unknown policy", "No routing policy has this name.", "See the README."),
  UNKNOWN_SUBJECT(
      "Unknown subject",
      "Nothing is known of this subject. A slash in a subject is written %2F.",
      "See /v1/reputation or /v1/forecast."),
  NOT_ACKNOWLEDGED(
      "Not acknowledged in time",
      "The change is a durable record of this node and is kept; it did not reach the wanted level"
          + " of the ladder within the timeout.",
      "Do not repeat the change: look at the record again, by the hash in 'record'."),
  AWAITS_PEERS(
      "Waits for peers",
      "The node was started again, and its peers have not told yet what they know of its own"
          + " records. Nothing was written.",
      "Try again in the time that Retry-After says."),
  NOT_DURABLE_YET(
      "Not known to be written",
      "The change was taken and is not on disk yet: it may become a record, at once or later.",
      "Do not repeat the change: look for it when /readyz is good again."),
  NOT_WRITTEN(
      "Not written", "Nothing was written and nothing will be.", "The detail says why; try again."),
  TOO_MANY_FEEDS(
      "Too many feeds for one answer",
      "A cursor or digest names each feed it covers, and these are more than it can name.",
      "Ask author by author (author=…), or for a shorter time."),
  UNKNOWN_FEED("Unknown feed", "No such feed is held here.", "See /v1/ledger/heads."),
  UNKNOWN_RECORD("Unknown record", "No such record is held here.", "See /v1/ledger/tail."),
  NOT_COVERED(
      "Not covered yet",
      "The record is held, but its author has not written a checkpoint after it yet.",
      "Ask again in half a minute. Records at the end of a closed epoch are never covered."),
  UNKNOWN_RECEIPT(
      "Unknown receipt",
      "This node did not make this receipt, has forgotten it, or was started after it.",
      "The detail says what is kept. Ask the node whose answer named the receipt."),
  NO_TILE(
      "No such tile or checkpoint",
      "The feed is not held here, it is not that long yet, or the path is not one of a tile.",
      "Fetch the checkpoint first; its size says which tiles there are."),
  UNKNOWN_REPAIR("Unknown repair", "No such repair is known here.", "See /v1/healing."),
  UNKNOWN_CHECK("Unknown check", "There is no such readiness check.", "See /readyz?verbose."),
  INVALID_CONFIGURATION(
      "Invalid configuration",
      "The configuration file, or what it needs of this machine, is not as it must be. Nothing was"
          + " changed: the node runs on with the configuration it had.",
      "Each of the problems has its place, and a code that 'skein help' explains."),
  NEEDS_RESTART(
      "Needs a restart",
      "Who a node is, where its data lie and where peers and operators reach it cannot change while"
          + " it runs. Nothing was changed, the rest of the file included.",
      "Restart the node, or take these changes back."),
  RELOADING("Reload under way", "Too many reloads wait already.", "Try again."),
  UNKNOWN_PROBLEM("Unknown problem", "There is no such problem.", "See the problem's code.");

  private final String title;
  private final String meaning;
  private final String remedy;

  ProblemCode(String title, String meaning, String remedy) {
    this.title = title;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  static Optional<ProblemCode> find(String code) {
    return Arrays.stream(values()).filter(value -> value.code().equals(code)).findFirst();
  }

  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String title() {
    return title;
  }

  String meaning() {
    return meaning;
  }

  String remedy() {
    return remedy;
  }

  /// The problem of this code.
  Problem.Found found(int status, String detail) {
    return new Problem.Found(Problem.of(status, code(), detail));
  }
}
