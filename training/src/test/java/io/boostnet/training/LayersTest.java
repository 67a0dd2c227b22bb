package io.boostnet.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.boostnet.training", importOptions = DoNotIncludeTests.class)
class LayersTest {

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.boostnet.training.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule network_knowsNoTensorLibraryAndNoFiles =
      noClasses()
          .that()
          .resideInAPackage("..network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai..", "org.bytedeco..", "java.nio..", "org.apache..");

  @ArchTest
  static final ArchRule onlyWhatLearns_usesDjl =
      noClasses()
          .that()
          .resideOutsideOfPackages("..torch..", "..train..", "..graft..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule onlyBundlesAndTheirGraphs_useOnnx =
      noClasses()
          .that()
          .resideOutsideOfPackages("..bundle..", "..graph..", "..cut..", "..graft..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime", "ai.onnx..");

  @ArchTest
  static final ArchRule imagesAreReadByTheirOwnModule_notHere =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule onlyCheckpoint_readsPickles =
      noClasses()
          .that()
          .resideOutsideOfPackage("..checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("net.razorvine..");

  @ArchTest
  static final ArchRule classes_sayWhatTheyAre =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");
}
