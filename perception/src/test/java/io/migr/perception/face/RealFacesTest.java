package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.schemas.FaceCues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The chain on labelled pictures of people, one frame each. */
@Tag("slow")
final class RealFacesTest {
    /** Coins that bear faces. */
    private static final List<String> DECOYS = List.of("noface/n064.jpg");

    private static final Map<JsonNode, FaceCues> MEASURED = new LinkedHashMap<>();
    private static final Map<JsonNode, FaceCues> RULES = new LinkedHashMap<>();

    @BeforeAll
    static void measure() throws IOException {
        try (FacePerception perception = new FacePerception(true);
                FacePerception rules = new FacePerception(false)) {
            for (JsonNode entry : FaceLabels.of("still", "noface", "multi")) {
                List<RgbFrame> clip = List.of(RealFiles.frame(FaceLabels.image(entry)));
                MEASURED.put(entry, perception.measure(clip));
                RULES.put(entry, rules.measure(clip));
            }
        }
    }

    @Test
    void facesAreFound() {
        List<JsonNode> near = entries(e -> still(e)
                && !e.path("pose").asText().equals("profile")
                && e.path("face_box_detected").path(2).asInt()
                                - e.path("face_box_detected").path(0).asInt()
                        >= 55);
        assertShare("found", 0.97, 1, near, RealFacesTest::found);
    }

    @Test
    void nothingIsFoundWhereThereIsNoFace() {
        List<JsonNode> faceless = entries(e -> e.path("kind").asText().equals("noface")
                && !DECOYS.contains(e.path("file").asText()));
        assertShare("nothing found", 0.97, 1, faceless, e -> !found(e));
    }

    @Test
    void facesOfGroupsAreCounted() {
        List<JsonNode> groups = entries(e -> e.path("kind").asText().equals("multi"));
        assertShare(
                "counted",
                0.8,
                1,
                groups,
                e -> MEASURED.get(e).getFaces() == e.path("faces").asInt());
    }

    @Test
    void unitsAreCalledWhereTheyShow() {
        assertUnit(12, 0.9);
        assertUnit(25, 0.9);
        assertUnit(26, 0.8);
        assertShare("false 43", 0, 0.1, labelled(43, false), e -> called(e, 43));
    }

    @Test
    void expressionsAreRead() {
        List<JsonNode> clear = entries(e -> still(e) && found(e) && FaceLabels.clear(e));
        assertShare("expression", 0.9, 1, clear, e -> looks(MEASURED.get(e), e));
        assertShare("expression by rules alone", 0.85, 1, clear, e -> looks(RULES.get(e), e));
    }

    /** Whether the labelled expression is the more probable half. */
    private static boolean looks(FaceCues cues, JsonNode entry) {
        return cues.getExpression().get(entry.path("expression").asText()) instanceof Float p && p >= 0.5;
    }

    private static boolean still(JsonNode entry) {
        return entry.path("kind").asText().equals("still");
    }

    private static boolean found(JsonNode entry) {
        return MEASURED.get(entry).getAbsentReason() == null;
    }

    private static boolean called(JsonNode entry, int unit) {
        return MEASURED.get(entry).getUnits().stream()
                .anyMatch(one -> one.getActionUnit() == unit && one.getValue() >= 0.5);
    }

    private static List<JsonNode> entries(Predicate<JsonNode> wanted) {
        return new ArrayList<>(MEASURED.keySet().stream().filter(wanted).toList());
    }

    /** Found faces of which it was seen for certain that they show the unit, or that they do not. */
    private static List<JsonNode> labelled(int unit, boolean present) {
        return entries(e -> still(e)
                && found(e)
                && FaceLabels.shows(e, unit).filter(shown -> shown == present).isPresent());
    }

    private static void assertUnit(int unit, double hits) {
        assertShare("hits " + unit, hits, 1, labelled(unit, true), e -> called(e, unit));
        assertShare("false " + unit, 0, 0.1, labelled(unit, false), e -> called(e, unit));
    }

    private static void assertShare(
            String what, double low, double high, List<JsonNode> of, Predicate<JsonNode> counted) {
        List<String> others = of.stream()
                .filter(e -> counted.test(e) == (low == 0))
                .map(e -> e.path("file").asText())
                .toList();
        long count = of.stream().filter(counted).count();
        String text = what + " " + count + " of " + of.size() + ", against: " + others;
        System.out.println(text);
        assertTrue(!of.isEmpty() && count >= low * of.size() && count <= high * of.size(), text);
    }
}
