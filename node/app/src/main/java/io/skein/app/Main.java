package io.skein.app;

import io.skein.app.demo.DemoCommand;
import java.util.Arrays;
import java.util.List;

/// Entry of the verbs that need the whole program: `up`, `demo`, `check`, `config` and `simulate`.
public final class Main {
  /// The program's version.
  public static final String VERSION = version();

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    String verb = args.length == 0 ? "" : args[0];
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    int exit =
        switch (verb) {
          case "up" -> new UpCommand(System.out, System.err, System.getenv()).run(rest, VERSION);
          case "demo" -> DemoCommand.run(rest.toArray(new String[0]));
          case "check" -> new CheckCommand(System.out, System.err, System.getenv()).run(rest);
          case "config" -> new ConfigCommand(System.out, System.err, System.getenv()).run(rest);
          case "simulate" ->
              new SimulateCommand(System.out, System.err, System.console() != null).run(rest);
          default -> {
            System.err.println("skein: unknown verb '" + verb + "'; see skein --help");
            yield StartFailed.USAGE;
          }
        };
    System.exit(exit);
  }

  private static String version() {
    String declared = Main.class.getPackage().getImplementationVersion();
    return declared == null ? "0.1.0" : declared;
  }
}
