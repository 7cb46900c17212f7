package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One case for each class of failure.
final class ExitCodeTest {
  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void noNodeIsThreeAndTheMessageSaysWhatToDo() throws IOException {
    // Taken, so that nobody else listens there, but nobody does.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String address = "127.0.0.1:" + held.getLocalPort();

      Ran ran = Ran.of(Map.of(), false, "members", "--api", address);

      assertEquals(3, ran.code().number());
      assertEquals(
          "skein: no node answers at "
              + address
              + " (connection refused). Start one: skein"
              + " demo, or name another: --api URL / SKEIN_API.\n",
          ran.err());
      assertEquals("", ran.out());
    }
  }

  @ParameterizedTest
  @CsvSource({"400,4", "403,4", "404,1", "409,5", "412,5", "421,4", "428,4", "500,4", "503,4"})
  void problemsHaveACodeByTheirStatus(int status, int code) {
    node.on(
        "GET /v1/members",
        status,
        "{\"type\":\"/problems/x\",\"title\":\"X\",\"status\":"
            + status
            + ",\"detail\":\"not now\",\"code\":\"x\",\"errors\":[{\"pointer\":\"/url\",\"detail\":\"bad\"}]}");

    Ran ran = run("members");

    assertEquals(code, ran.code().number());
    assertEquals("skein: not now   [x]\n  /url: bad\n", ran.err());
  }

  @ParameterizedTest
  @CsvSource({"200,<html>", "404,not here", "500,''"})
  void somethingElseIsNoNode(int status, String body) {
    node.on("GET /v1/members", status, body);

    assertEquals(3, run("members").code().number());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "membres",
        "ledger tail extra",
        "ledger tail --follow -o yaml",
        "ledger tail --limit 501",
        "register a http://h:1 --ack replicated:0",
        "register a http://h:1 --ack all",
        "register a http://h:1 --ack local --wait=61s",
        "ledger had",
        "members extra",
        "members --nope",
        "members -o xml",
        "members --api",
        "register orders",
        "members --api ftp://x",
        "members --watch=1",
        "register a http://b:1 --weight 0",
        "register a b",
        "register a http://b:1 --policy skien",
        "reputation --why",
        "up --name x",
        "--nope",
        "drain --watch",
        "drain --undo=yes",
        "completion tcsh",
        "help SK9999",
        "ledger get x --limit none"
      })
  void misuseIsTwo(String line) {
    Ran ran = run(line.split(" "));

    assertEquals(2, ran.code().number(), ran::err);
    assertTrue(ran.err().startsWith("skein: "), ran::err);
    assertEquals("", ran.out());
    assertTrue(node.requests().isEmpty());
  }

  @Test
  void misspeltWordsAreRecognised() {
    assertEquals(
        "skein: unknown verb 'membres'; did you mean 'members'?; see: skein help\n",
        run("membres").err());
    assertTrue(run("members", "--crul").err().contains("did you mean '--curl'?"));
  }

  @Test
  void aWordThatBeginsVerbsTellsWhichThereAre() {
    String group =
        """
          skein experiment list       Shows the experiments on routes: those that run, and how the others ended.
          skein experiment show NAME  Shows an experiment: both arms, what was found, and how sure that is.
          skein experiment stop NAME  Ends an experiment on all nodes: every request is the control's again.
        Examples and flags: skein experiment list --help
        """;

    Ran help = Ran.of(Map.of(), false, "experiment", "--help");
    assertEquals(ExitCode.OK, help.code());
    assertEquals(group, help.out());

    Ran alone = Ran.of(Map.of(), false, "experiment");
    assertEquals(ExitCode.USAGE, alone.code());
    assertEquals("skein: skein experiment needs a word more:\n" + group, alone.err());
  }

  @Test
  void healthIsYesOrNo() {
    node.on("GET /readyz", 200, "{\"ready\":true,\"checks\":[]}")
        .on(
            "GET /readyz",
            503,
            "{\"ready\":false,\"checks\":[{\"name\":\"ledger\",\"ok\":false,\"detail\":\"behind\"}]}")
        .on("GET /livez", 200, "ok\n");

    Ran ready = run("healthcheck");
    Ran unready = run("healthcheck");

    assertEquals("ok\n", ready.out());
    assertEquals(0, ready.code().number());
    assertEquals(1, unready.code().number());
    assertTrue(unready.err().endsWith("is not ready\n  ledger: behind\n"), unready.err());
    assertEquals(0, run("healthcheck", "--live").code().number());
  }

  @Test
  void helpLeadsWithExamples() {
    assertTrue(run().out().startsWith("Skein: "));
    for (Verb verb : Verbs.ALL) {
      Ran ran = run((verb.name() + " --help").split(" "));

      assertEquals(ExitCode.OK, ran.code());
      assertEquals(ran.out(), run(("help " + verb.name()).split(" ")).out());
      assertTrue(ran.out().startsWith(verb.summary() + "\n\nExamples:\n  "), ran.out());
      String first = verb.name().split(" ")[0];
      assertTrue(HelpText.topLevel().contains("\n  " + first + " "), first);
    }
    assertTrue(run("help", "sk1004").out().startsWith("SK1004: unknown key\n"));
  }

  @Test
  void completionsKnowEveryVerb() {
    for (String shell : new String[] {"bash", "zsh", "fish"}) {
      String out = run("completion", shell).out();
      for (Verb verb : Verbs.ALL) {
        for (String word : verb.name().split(" ")) {
          assertTrue(out.contains(word), shell + " " + word);
        }
      }
    }
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertTrue(run("version").out().matches("skein [0-9]+\\.[0-9]+\\.[0-9]+.*\n"));
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }
}
