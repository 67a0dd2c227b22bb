package io.boostnet.flink;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.boostnet.flink.inference.onnx.SharedSessions;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;
import org.apache.flink.annotation.PublicEvolving;

/** Who may use whom, as {@code DESIGN.md} beside the sources says. No exceptions are stored. */
@AnalyzeClasses(
    packages = "io.boostnet.flink",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.boostnet.flink";
  private static final String[] PURE = {
    ROOT + ".model..", ROOT + ".exit..", ROOT + ".budget..", ROOT + ".track.."
  };

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesUseOnlyWhatTheyMay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
          .withOptionalLayers(true)
          .layer("root")
          .definedBy(ROOT)
          .layer("model")
          .definedBy(ROOT + ".model..")
          .layer("exit")
          .definedBy(ROOT + ".exit..")
          .layer("budget")
          .definedBy(ROOT + ".budget..")
          .layer("options")
          .definedBy(ROOT + ".options..")
          .layer("metrics")
          .definedBy(ROOT + ".metrics..")
          .layer("inference")
          .definedBy(ROOT + ".inference")
          .layer("onnx")
          .definedBy(ROOT + ".inference.onnx..")
          .layer("codec")
          .definedBy(ROOT + ".codec..")
          .layer("reference")
          .definedBy(ROOT + ".reference..")
          .layer("track")
          .definedBy(ROOT + ".track..")
          .layer("event")
          .definedBy(ROOT + ".event..")
          .layer("coordination")
          .definedBy(ROOT + ".coordination..")
          .layer("stage")
          .definedBy(ROOT + ".stage..")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("model")
          .mayNotAccessAnyLayer()
          .whereLayer("exit")
          .mayOnlyAccessLayers("model")
          .whereLayer("budget")
          .mayOnlyAccessLayers("exit", "model")
          .whereLayer("options")
          .mayOnlyAccessLayers("model")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("model")
          .whereLayer("inference")
          .mayOnlyAccessLayers("model")
          .whereLayer("onnx")
          .mayOnlyAccessLayers("inference", "model")
          .whereLayer("codec")
          .mayOnlyAccessLayers("model", "options")
          .whereLayer("reference")
          .mayOnlyAccessLayers("model", "options")
          .whereLayer("track")
          .mayOnlyAccessLayers("exit", "model", "options")
          .whereLayer("event")
          .mayOnlyAccessLayers("metrics")
          .whereLayer("coordination")
          .mayOnlyAccessLayers("budget", "exit", "model", "metrics")
          .whereLayer("stage")
          .mayOnlyAccessLayers(
              "inference",
              "exit",
              "budget",
              "model",
              "metrics",
              "options",
              "coordination",
              "track");

  @ArchTest
  static final ArchRule theCoreKnowsNoEngineAndNoFormat =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .or()
          .resideInAPackage(ROOT + ".inference")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.apache.flink..",
                      "ai.onnxruntime..",
                      "org.apache.avro..",
                      "io.boostnet.schema..")
                  .and(not(resideInAPackage("org.apache.flink.annotation.."))));

  @ArchTest
  static final ArchRule onlyOnnxUsesOnnxRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".inference.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule decisionsHaveNoClockRandomnessThreadOrFile =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.nio.file..", "java.util.concurrent..", "java.net..")
                  .or(nameMatching("java\\.io\\.(File|Input|Output|Reader|Writer|Print).*"))
                  .or(nameMatching("java\\.util\\.(Random|Timer).*"))
                  .or(nameMatching("java\\.lang\\.Thread.*"))
                  .or(nameMatching("java\\.time\\.(Clock|Instant)")))
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule noStaticMutableStateButTheSessions =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .doNotBelongToAnyOf(SharedSessions.class)
          .should()
          .beFinal()
          .andShould()
          .notHaveRawType(
              assignableTo(java.util.Map.class)
                  .or(assignableTo(java.util.Collection.class))
                  .or(resideInAPackage("java.util.concurrent.atomic")));

  /** By Flink's own annotations: what a user may build on, and what may change at any time. */
  @ArchTest
  static final ArchRule everyPublicType_saysWhetherItIsForUsers =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .should()
          .beAnnotatedWith(Public.class)
          .orShould()
          .beAnnotatedWith(PublicEvolving.class)
          .orShould()
          .beAnnotatedWith(Internal.class);

  @ArchTest
  static final ArchRule typesForUsers_speakOfTypesForUsers =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat(
              annotatedWith(Public.class).or(annotatedWith(PublicEvolving.class)))
          .should(speakOfNoInternalType());

  private static ArchCondition<JavaMethod> speakOfNoInternalType() {
    return new ArchCondition<>("have no internal type in their signature") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
            .map(ArchitectureTest::outermost)
            .filter(type -> type.isAnnotatedWith(Internal.class))
            .filter(type -> !method.isAnnotatedWith(Internal.class))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " speaks of " + type.getName())));
      }
    };
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  @ArchTest
  static final ArchRule namesSayWhatThingsAre =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)$");
}
