package io.migr.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks which room uses which; the rooms are listed in docs/architecture.md. */
@AnalyzeClasses(packages = "io.migr", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** A room and the rooms right below it; what these may use, it may use too. */
    private static final Map<String, List<String>> BELOW = new LinkedHashMap<>();

    static {
        BELOW.put("schemas", List.of());
        BELOW.put("runtime", List.of("schemas"));
        BELOW.put("features", List.of());
        BELOW.put("engine", List.of());
        BELOW.put("perception", List.of("schemas", "engine"));
        BELOW.put("model", List.of("engine", "perception"));
        BELOW.put("corpus", List.of("features", "model"));
        BELOW.put("streams", List.of("schemas", "runtime", "features", "perception"));
        BELOW.put("worker", List.of("schemas", "runtime", "perception", "model"));
        BELOW.put("embedded", List.of("schemas", "runtime"));
        BELOW.put("evaluation", List.of("model", "corpus", "features", "perception"));
        BELOW.put("replay", List.of("worker", "streams", "evaluation"));
        BELOW.put("trainer", List.of("evaluation", "corpus", "model", "runtime", "schemas"));
        BELOW.put("lab", List.of("trainer", "evaluation", "corpus"));
        BELOW.put("cli", List.of("lab", "replay", "embedded", "trainer", "worker", "streams"));
    }

    private static Set<String> reachable(String room) {
        Set<String> all = new LinkedHashSet<>();
        for (String below : BELOW.get(room)) {
            all.add(below);
            all.addAll(reachable(below));
        }
        return all;
    }

    private static ArchRule rooms() {
        LayeredArchitecture rule = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : BELOW.keySet()) {
            rule = rule.layer(room).definedBy("io.migr." + room + "..");
        }
        for (String room : BELOW.keySet()) {
            Set<String> below = reachable(room);
            rule = below.isEmpty()
                    ? rule.whereLayer(room).mayNotAccessAnyLayer()
                    : rule.whereLayer(room).mayOnlyAccessLayers(below.toArray(String[]::new));
        }
        return rule;
    }

    @ArchTest
    static final ArchRule A_ROOM_USES_ONLY_ROOMS_BELOW_IT = rooms();

    @ArchTest
    static final ArchRule EVERY_CLASS_LIVES_IN_A_ROOM = classes()
            .should()
            .resideInAnyPackage(BELOW.keySet().stream()
                    .map(room -> "io.migr." + room + "..")
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule TENSORS_STAY_OUT_OF_ROOMS_WITHOUT_A_MODEL = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.migr.streams..",
                    "io.migr.features..",
                    "io.migr.schemas..",
                    "io.migr.runtime..",
                    "io.migr.embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule THE_MODEL_AND_ITS_MEASURES_KNOW_NO_TOPIC = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.migr.engine..",
                    "io.migr.model..",
                    "io.migr.features..",
                    "io.migr.corpus..",
                    "io.migr.evaluation..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..");

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_PACKAGES =
            slices().matching("io.migr.(**)").should().beFreeOfCycles();
}
