package io.skein.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The walls between the modules: who may know whom, and which library is seen from where. That the
/// simulator has no clock and no chance of its own the build checks by forbidden calls.
final class ArchitectureTest {
  private static final String[] JDK_AND_ANNOTATIONS = {"java..", "org.jspecify.annotations.."};

  private static JavaClasses skein;

  @BeforeAll
  static void read() {
    skein =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.skein");
  }

  // Every rule here would hold of nothing at all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ledger",
        "reputation",
        "gossip",
        "routing",
        "forecast",
        "healing",
        "proxy",
        "api",
        "cli",
        "app"
      })
  void readsTheClassesOf(String module) {
    assertTrue(skein.stream().anyMatch(type -> in(module, type)), "no class of io.skein." + module);
  }

  @Test
  void onlyTheJGroupsTransportAndWhoSharesItsChannelSeeJGroups() {
    check(
        seenOnlyFrom(
            "org.jgroups..", "io.skein.gossip.transport.jgroups..", "io.skein.gossip.directory.."));
  }

  @Test
  void onlyTheLedgersKeysSeeTheLibrariesForSignatures() {
    check(seenOnlyFrom("org.bouncycastle..", "io.skein.ledger.key.."));
    check(seenOnlyFrom("com.amazon.corretto..", "io.skein.ledger.key.."));
  }

  @Test
  void onlyProxyApiAndAppSeeVertxAndNetty() {
    String[] shells = {"io.skein.proxy..", "io.skein.api..", "io.skein.app.."};
    check(seenOnlyFrom("io.vertx..", shells));
    check(seenOnlyFrom("io.netty..", shells));
  }

  // Who exports no spans does not load it either.
  @Test
  void onlyTelemetrySeesOpenTelemetry() {
    check(seenOnlyFrom("io.opentelemetry..", "io.skein.app.telemetry.."));
  }

  @Test
  void onlyTheDirectorySeesInfinispan() {
    check(seenOnlyFrom("org.infinispan..", "io.skein.gossip.directory.."));
  }

  // Nothing that serves a request or decides anything can come to need the directory.
  @Test
  void onlyWhatShowsTheDirectoryReadsIt() {
    check(
        noClasses()
            .that(resideInAPackage("io.skein.."))
            .and(not(resideInAPackage("io.skein.gossip.directory..")))
            .and()
            .doNotHaveFullyQualifiedName("io.skein.app.mesh.CatalogueDirectory")
            .and()
            .doNotHaveFullyQualifiedName("io.skein.app.mesh.DirectoryViews")
            .and()
            .doNotHaveFullyQualifiedName("io.skein.app.telemetry.Telemetry")
            .should()
            .dependOnClassesThat(resideInAPackage("io.skein.gossip.directory..")));
    check(
        noClasses()
            .that(resideInAnyPackage("io.skein.app.routes..", "io.skein.app.traffic.."))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.skein.app.mesh.CatalogueDirectory"));
  }

  @Test
  void nobodySeesWhatTheJdkKeepsToItself() {
    check(
        noClasses()
            .that(resideInAPackage("io.skein.."))
            // There is no other way to hear a signal.
            .and()
            .doNotHaveFullyQualifiedName("io.skein.app.Hangup")
            .should()
            .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal..")));
  }

  @Test
  void ledgerAndGossipKnowNoOtherModule() {
    check(knows("ledger"));
    check(knows("gossip"));
  }

  @Test
  void reputationKnowsTheLedgerOnly() {
    check(knows("reputation", "ledger"));
  }

  @Test
  void routingAndForecastNeedNothingButTheJdk() {
    check(needs("routing"));
    check(needs("forecast"));
  }

  @Test
  void reputationNeedsNothingButTheLedgerAndTheJdk() {
    check(needs("reputation", "io.skein.ledger.."));
  }

  @Test
  void healingNeedsNothingButForecastRoutingAndTheJdk() {
    check(needs("healing", "io.skein.forecast..", "io.skein.routing.."));
  }

  @Test
  void proxyKnowsRoutingOnly() {
    check(knows("proxy", "routing"));
  }

  @Test
  void apiKnowsNoOtherModule() {
    check(knows("api"));
  }

  @Test
  void cliKnowsTheLedgerOnly() {
    check(knows("cli", "ledger"));
  }

  @Test
  void nobodyKnowsTheApp() {
    check(
        noClasses()
            .that(resideInAPackage("io.skein.."))
            .and(not(resideInAPackage("io.skein.app..")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.skein.app..")));
  }

  // What the pure modules take as arguments, they cannot also reach for: files, sockets, threads.
  @Test
  void pureModulesDoNoInputOrOutput() {
    check(
        noClasses()
            .that(
                resideInAnyPackage(
                    "io.skein.reputation..",
                    "io.skein.routing..",
                    "io.skein.forecast..",
                    "io.skein.healing..",
                    "io.skein.gossip.state..",
                    "io.skein.gossip.membership..",
                    "io.skein.gossip.coordinate..",
                    "io.skein.ledger.catalogue..",
                    "io.skein.ledger.cbor..",
                    "io.skein.ledger.record..",
                    "io.skein.ledger.clock..",
                    "io.skein.ledger.sync.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "javax.net..",
                        "org.slf4j..")
                    .or(
                        new DescribedPredicate<JavaClass>("are files or threads") {
                          @Override
                          public boolean test(JavaClass type) {
                            return Set.of(
                                    "java.io.File",
                                    "java.io.FileInputStream",
                                    "java.io.FileOutputStream",
                                    "java.io.RandomAccessFile",
                                    "java.lang.Thread",
                                    "java.util.concurrent.ExecutorService",
                                    "java.util.concurrent.Executors")
                                .contains(type.getName());
                          }
                        })));
  }

  @Test
  void noNameHidesThatItsNounWasNotFound() {
    check(
        noClasses()
            .that(resideInAPackage("io.skein.."))
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .resideInAnyPackage(
                "..common..", "..util..", "..impl..", "..internal..", "..manager..", "..helper.."));
  }

  @Test
  void reputationHasNoFloatingPoint() {
    check(
        classes().that(resideInAPackage("io.skein.reputation..")).should(mentionNoFloatingPoint()));
  }

  // Slices are the packages below a module's own; the module's own package may know them all.
  @Test
  void onlyConditionsOfContractsSeeTheExpressionLibrary() {
    check(
        noClasses()
            .that(not(resideInAPackage("io.skein.app.contract.cel")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.cel..", "com.google.common.."))
            .orShould()
            .dependOnClassesThat(resideInAPackage("io.skein.app.contract.cel")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ledger", "reputation", "gossip", "routing", "healing", "proxy", "app"})
  void noCycleBetweenThePackagesOf(String module) {
    check(slices().matching("io.skein." + module + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void noCycleBetweenModules() {
    check(slices().matching("io.skein.(*)..").should().beFreeOfCycles());
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> marked = new TreeSet<>();
    Set<String> all = new TreeSet<>();
    for (JavaClass type : skein) {
      if (type.getSimpleName().equals("package-info")) {
        if (type.isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
          marked.add(type.getPackageName());
        }
      } else if (!type.getPackageName().isEmpty()) {
        all.add(type.getPackageName());
      }
    }
    all.removeAll(marked);
    assertTrue(all.isEmpty(), "packages without @NullMarked: " + all);
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(skein);
  }

  private static boolean in(String module, JavaClass type) {
    String own = "io.skein." + module;
    return type.getPackageName().equals(own) || type.getPackageName().startsWith(own + ".");
  }

  private static ArchRule seenOnlyFrom(String library, String... packages) {
    return noClasses()
        .that(resideInAPackage("io.skein.."))
        .and(not(resideInAnyPackage(packages)))
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }

  private static ArchRule knows(String module, String... others) {
    String[] known = new String[others.length + 1];
    known[0] = "io.skein." + module + "..";
    for (int i = 0; i < others.length; i++) {
      known[i + 1] = "io.skein." + others[i] + "..";
    }
    return noClasses()
        .that(resideInAPackage("io.skein." + module + ".."))
        .should()
        .dependOnClassesThat(resideInAPackage("io.skein..").and(not(resideInAnyPackage(known))));
  }

  private static ArchRule needs(String module, String... others) {
    List<String> allowed = new java.util.ArrayList<>(List.of(JDK_AND_ANNOTATIONS));
    allowed.add("io.skein." + module + "..");
    allowed.addAll(List.of(others));
    return classes()
        .that(resideInAPackage("io.skein." + module + ".."))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)));
  }

  private static ArchCondition<JavaClass> mentionNoFloatingPoint() {
    Set<String> floating = Set.of("float", "double", "java.lang.Float", "java.lang.Double");
    return new ArchCondition<>("mention no float or double") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getFields().stream()
            .filter(field -> floating.contains(field.getRawType().getBaseComponentType().getName()))
            .forEach(
                field -> events.add(SimpleConditionEvent.violated(field, field.getDescription())));
        type.getCodeUnits()
            .forEach(code -> {
              boolean takes =
                  code.getRawParameterTypes().stream()
                      .anyMatch(one -> floating.contains(one.getBaseComponentType().getName()));
              boolean gives =
                  floating.contains(code.getRawReturnType().getBaseComponentType().getName());
              if (takes || gives) {
                events.add(SimpleConditionEvent.violated(code, code.getDescription()));
              }
            });
        type.getCodeUnitCallsFromSelf()
            .forEach(call -> {
              boolean takes =
                  call.getTarget().getRawParameterTypes().stream()
                      .anyMatch(one -> floating.contains(one.getName()));
              if (takes || floating.contains(call.getTarget().getRawReturnType().getName())) {
                events.add(SimpleConditionEvent.violated(call, call.getDescription()));
              }
            });
      }
    };
  }
}
