package io.skein.cli;

import io.skein.cli.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Verbs about who belongs to the mesh: invites, the end of identities, key files.
final class IdentityVerbs {
  private static final Option PASSPHRASE =
      Option.of("--passphrase-file", "FILE", "its first line is the passphrase; mode 0600");
  private static final Option DATA = Option.of("--data", "DIR", "a stopped node's data directory");

  private static final Option WAIT =
      new Option("--wait", "", "TIME", true, "how long --ack may take (default: 5s)");

  static final Verb INVITE =
      new Verb(
          "invite",
          "",
          0,
          0,
          "Prints a join token: whoever holds it can join the mesh until it expires.",
          List.of(
              "skein invite > token             # then: skein up --seed HOST:7800 --token-file token",
              "skein invite --uses 1 --ttl 10m",
              "skein invite --api URL           # the founder's: in reputation, nodes share the voice of who let them in",
              "skein invites                    # those there are, without their secrets"),
          List.of(
              Option.of("--uses", "N", "how many nodes it admits, 1 to 1000 (default: 8)"),
              Option.of("--ttl", "TIME", "how long it admits them (default: 24h)"),
              Option.of("--expires", "TIME", "the same"),
              Option.flag("--list", "show the invites there are, as skein invites"),
              Acknowledged.OPTION,
              WAIT),
          IdentityVerbs::invite);

  static final Verb INVITES =
      new Verb(
          "invites",
          "",
          0,
          0,
          "Shows the invites of the mesh: by whom, until when, and how many more they admit.",
          List.of("skein invites", "skein invites -o json"),
          List.of(),
          (session, _) -> list(session));

  static final Verb REVOKE =
      new Verb(
          "revoke",
          "NODE",
          1,
          1,
          "Ends a node's identity for good: it is cut off, and what it says from then on is ignored.",
          List.of(
              "skein revoke us-1 --reason 'disk stolen'",
              "skein revoke b5r2mhk3bq2j6k7v4x5zqk7w2e --yes    # by id, without being asked"),
          List.of(
              Option.of("--reason", "TEXT", "why, for people; everybody can read it"),
              Option.flag("--yes", "do not ask"),
              Acknowledged.OPTION,
              WAIT),
          IdentityVerbs::revoke);

  static final Verb ROTATE =
      new Verb(
          "rotate",
          "",
          0,
          0,
          "Hands the node's identity on to a new key, which it uses from its next start on.",
          List.of(
              "skein rotate                     # the node that --api names; then restart it",
              "skein rotate --force             # also if no peer can be told now"),
          List.of(Option.flag("--force", "also if no peer is alive to be told")),
          IdentityVerbs::rotate);

  static final Verb ENCRYPT =
      new Verb(
          "key encrypt",
          "",
          0,
          0,
          "Encrypts the key file of a stopped node; it then needs --identity-passphrase-file.",
          List.of("skein key encrypt --data DIR --passphrase-file FILE"),
          List.of(DATA, PASSPHRASE),
          // Not a method reference: only these two verbs shall load the ledger's classes.
          (session, arguments) -> KeyFiles.encrypt(session, arguments));

  static final Verb DECRYPT =
      new Verb(
          "key decrypt",
          "",
          0,
          0,
          "Removes the passphrase from the key file of a stopped node.",
          List.of("skein key decrypt --data DIR --passphrase-file FILE"),
          List.of(DATA, PASSPHRASE),
          (session, arguments) -> KeyFiles.decrypt(session, arguments));

  private IdentityVerbs() {}

  private static ExitCode invite(Session session, Arguments arguments) {
    if (arguments.has("--list")) {
      return list(session);
    }
    Map<String, Json> body = new LinkedHashMap<>();
    arguments.number("--uses", 1, 1_000).ifPresent(uses -> body.put("uses", Json.of(uses)));
    for (String flag : List.of("--expires", "--ttl")) {
      if (arguments.has(flag)) {
        long seconds = arguments.duration(flag, Duration.ZERO).toSeconds();
        if (seconds < 1) {
          throw Failure.usage(flag + ": less than a second (expected: such as 10m, 24h)");
        }
        body.put("expiresInSeconds", Json.of(seconds));
      }
    }
    ApiClient.Answer answer =
        Acknowledged.of(arguments)
            .change(session, "POST", "/v1/invites", Optional.of(Json.of(body)));
    session.show(answer, json -> json.get("token").text("") + "\n");
    if (talks(session)) {
      Json json = answer.json();
      session.say(
          "admits "
              + Figures.text(json.get("uses"))
              + " until "
              + Figures.text(json.get("expiresAt"))
              + "; whoever holds it can join");
      String command = json.get("command").text("");
      if (!command.isEmpty()) {
        session.say("join with: " + Figures.printable(command, 1_000));
      }
    }
    return ExitCode.OK;
  }

  private static ExitCode list(Session session) {
    session.show(session.api().get("/v1/invites"), IdentityVerbs::invites);
    return ExitCode.OK;
  }

  private static Table invites(Json json, Session session) {
    Table table = new Table("INVITE", "ISSUER", "USED", "LEFT", "STATE", "EXPIRES");
    for (Json invite : json.get("invites").items()) {
      table.row(
          session.hash(invite.get("inviteKey")),
          Figures.text(invite.get("issuer")),
          Figures.text(invite.get("used")) + "/" + Figures.text(invite.get("uses")),
          Figures.text(invite.get("usesLeft")),
          Figures.text(invite.get("state")),
          Figures.text(invite.get("expiresAt")));
    }
    return table;
  }

  private static ExitCode revoke(Session session, Arguments arguments) {
    String node = arguments.words().getFirst();
    if (!arguments.has("--yes")
        && !session.confirmed(
            "Revoke '" + Figures.printable(node, 64) + "'? Its identity ends for good. [y/N] ")) {
      throw Failure.usage(
          "nothing was done: say --yes, or answer y on a terminal (skein revoke "
              + Figures.printable(node, 64)
              + " --yes)");
    }
    Map<String, Json> body = new LinkedHashMap<>();
    arguments.text("--reason").ifPresent(reason -> body.put("reason", Json.of(reason)));
    ApiClient.Answer answer =
        Acknowledged.of(arguments)
            .change(
                session,
                "POST",
                "/v1/members/" + ApiClient.segment(node) + "/revoke",
                Optional.of(Json.of(body)));
    session.show(
        answer,
        (json, _) ->
            new Table("REVOKED", "ID", "RECORD")
                .row(
                    Figures.text(json.get("name")),
                    Figures.text(json.get("id")),
                    session.hash(json.get("record"))));
    return ExitCode.OK;
  }

  private static ExitCode rotate(Session session, Arguments arguments) {
    ApiClient.Answer answer =
        session
            .api()
            .change(
                "POST",
                "/v1/node/rotate",
                Optional.of(Json.of(Map.of("force", Json.of(arguments.has("--force"))))));
    session.show(
        answer,
        (json, _) ->
            new Table("FROM", "TO", "REPLICAS", "RECORD")
                .row(
                    Figures.text(json.get("from")),
                    Figures.text(json.get("to")),
                    Figures.text(json.get("replicas")),
                    session.hash(json.get("record"))));
    if (talks(session)) {
      session.say(Figures.printable(answer.json().get("detail").text(""), 1_000));
    }
    return ExitCode.OK;
  }

  private static boolean talks(Session session) {
    return session.form() == Session.Form.TABLE || session.form() == Session.Form.WIDE;
  }
}
