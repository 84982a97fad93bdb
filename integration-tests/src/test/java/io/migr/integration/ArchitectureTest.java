package io.migr.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Checks which modules may use which. */
@AnalyzeClasses(packages = "io.migr", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ROOMS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("schemas")
            .definedBy("io.migr.schemas..")
            .layer("runtime")
            .definedBy("io.migr.runtime..")
            .layer("features")
            .definedBy("io.migr.features..")
            .layer("streams")
            .definedBy("io.migr.streams..")
            .layer("model")
            .definedBy("io.migr.model..")
            .layer("worker")
            .definedBy("io.migr.worker..")
            .layer("corpus")
            .definedBy("io.migr.corpus..")
            .layer("trainer")
            .definedBy("io.migr.trainer..")
            .layer("cli")
            .definedBy("io.migr.cli..")
            .whereLayer("schemas")
            .mayNotAccessAnyLayer()
            .whereLayer("runtime")
            .mayOnlyAccessLayers("schemas")
            .whereLayer("features")
            .mayNotAccessAnyLayer()
            .whereLayer("streams")
            .mayOnlyAccessLayers("schemas", "runtime", "features")
            .whereLayer("model")
            .mayNotAccessAnyLayer()
            .whereLayer("worker")
            .mayOnlyAccessLayers("schemas", "runtime", "model")
            .whereLayer("corpus")
            .mayOnlyAccessLayers("features", "model")
            .whereLayer("trainer")
            .mayOnlyAccessLayers("schemas", "runtime", "model", "corpus", "features")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule THE_ENGINE_STAYS_WITH_THE_MODEL = noClasses()
            .that()
            .resideInAnyPackage("io.migr.streams..", "io.migr.features..", "io.migr.schemas..", "io.migr.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NO_TOPIC = noClasses()
            .that()
            .resideInAnyPackage("io.migr.model..", "io.migr.features..", "io.migr.corpus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..");

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_ROOMS =
            slices().matching("io.migr.(*)..").should().beFreeOfCycles();
}
