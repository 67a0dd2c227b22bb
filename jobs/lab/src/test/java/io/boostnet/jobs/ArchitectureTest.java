package io.boostnet.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/**
 * Which package stands in which of the six modules, and what each may use. Maven keeps the arrows
 * between the modules; this keeps a package from spreading over two of them. No exceptions are
 * stored.
 */
@AnalyzeClasses(
    packages = "io.boostnet.jobs",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.NoTestJars.class,
    })
class ArchitectureTest {

  private static final String ROOT = "io.boostnet.jobs";
  private static final String[] BROKER = packages("broker");
  private static final String[] JOB = packages("config", "format", "kafka", "serve");
  private static final String[] CAMERA = packages("camera");
  private static final String[] SQL = packages("sql");
  private static final String[] TOOLS =
      packages(
          "files",
          "cli",
          "load",
          "outcomes",
          "accounts",
          "dashboard",
          "evaluate",
          "inspect",
          "replay",
          "main");
  private static final String[] LAB = packages("run", "demo", "cluster", "trial", "bench", "lab");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule modulesUseOnlyThoseAboveThem =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
          .layer("broker")
          .definedBy(BROKER)
          .layer("job")
          .definedBy(JOB)
          .layer("camera")
          .definedBy(CAMERA)
          .layer("sql")
          .definedBy(SQL)
          .layer("tools")
          .definedBy(TOOLS)
          .layer("lab")
          .definedBy(LAB)
          .whereLayer("broker")
          .mayNotAccessAnyLayer()
          .whereLayer("job")
          .mayNotAccessAnyLayer()
          .whereLayer("camera")
          .mayOnlyAccessLayers("job")
          .whereLayer("sql")
          .mayOnlyAccessLayers("job")
          .whereLayer("tools")
          .mayOnlyAccessLayers("job")
          .ensureAllClassesAreContainedInArchitecture();

  @ArchTest
  static final ArchRule whatIsDeployed_hasNoBrokerAndNoPlots =
      noClasses()
          .that()
          .resideInAnyPackage(JOB)
          .or()
          .resideInAnyPackage(SQL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.knowm..");

  @ArchTest
  static final ArchRule names_sayWhatAClassDoes =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");

  private static String[] packages(String... names) {
    return Arrays.stream(names)
        .map(name -> name.equals("main") ? ROOT : ROOT + "." + name + "..")
        .toArray(String[]::new);
  }

  /** Classes of the other modules' tests come in jars, where their folder does not tell. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar") && !location.contains("/test-classes/");
    }
  }
}
