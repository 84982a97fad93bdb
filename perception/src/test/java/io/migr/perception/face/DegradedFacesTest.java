package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.schemas.FaceCues;
import io.migr.schemas.MeasuredUnit;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What remains of the labelled faces that are usable as they are when their pictures are degraded. */
@Tag("long")
final class DegradedFacesTest {
    private static final List<String> EXPRESSIONS = List.of("happy", "neutral", "surprise", "sad", "angry", "other");
    private static final Map<JsonNode, Region> FACES = new LinkedHashMap<>();
    private static FacePerception perception;

    private interface Change {
        BufferedImage of(BufferedImage picture, Region face) throws IOException;
    }

    /** Each with the shares of usable faces, of right units and of right ones among asserted expressions that must remain. */
    private enum Degraded {
        AS_IT_IS(1, 0.97, 0.95, (picture, face) -> picture),
        JPEG_40(0.97, 0.95, 0.9, (picture, face) -> Pictures.compressed(Pictures.fitted(picture, 320, 240), 0.4f)),
        SMALL(0.9, 0.9, 0.85, (picture, face) -> Pictures.fitted(picture, 160, 120)),
        LIGHT_025(0.95, 0.95, 0.9, (picture, face) -> Pictures.darkened(picture, 0.25)),
        LIGHT_010(0.8, 0.85, 0.8, (picture, face) -> Pictures.darkened(picture, 0.1)),
        BACKLIT(0.85, 0.9, 0.8, Pictures::backlit),
        OTHER_BACKGROUND(0.95, 0.95, 0.9, Pictures::beforeStripes),
        MIRRORED(0.97, 0.97, 0.95, (picture, face) -> Pictures.mirrored(picture)),
        CUT_TENTH(0.95, 0.95, 0.9, (picture, face) -> Pictures.cut(picture, face, 0.1)),
        CUT_THIRD(0.7, 0.9, 0.9, (picture, face) -> Pictures.cut(picture, face, 1 / 3.0)),
        CUT_HALF(0, 0.9, 0, (picture, face) -> Pictures.cut(picture, face, 0.5)),
        TURNED_90(0, 0.9, 0, (picture, face) -> Pictures.turned(picture, 1)),
        TURNED_180(0, 0, 0, (picture, face) -> Pictures.turned(picture, 2)),
        TURNED_270(0, 0.9, 0, (picture, face) -> Pictures.turned(picture, 3));

        private final double usable;
        private final double units;
        private final double expressions;
        private final Change change;

        Degraded(double usable, double units, double expressions, Change change) {
            this.usable = usable;
            this.units = units;
            this.expressions = expressions;
            this.change = change;
        }
    }

    @BeforeAll
    static void find() throws IOException {
        perception = new FacePerception(true);
        try (FaceNets nets = new FaceNets(false)) {
            for (JsonNode entry : FaceLabels.of("still")) {
                RgbFrame frame = RealFiles.frame(FaceLabels.image(entry));
                new FollowedFace(nets)
                        .next(frame)
                        .map(sight -> View.of(sight, frame))
                        .filter(view -> view.obstacle().isEmpty())
                        .ifPresent(view -> FACES.put(entry, view.mesh().bounds()));
            }
        }
    }

    @AfterAll
    static void close() {
        if (perception != null) {
            perception.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatRemains(Degraded degraded) throws IOException {
        int usable = 0;
        int units = 0;
        int unitsRight = 0;
        int clear = 0;
        int asserted = 0;
        int assertedRight = 0;
        double reliability = 0;
        for (Map.Entry<JsonNode, Region> one : FACES.entrySet()) {
            JsonNode entry = one.getKey();
            BufferedImage picture = degraded.change.of(FaceLabels.image(entry), one.getValue());
            FaceCues cues = perception.measure(List.of(RealFiles.frame(picture)));
            if (cues.getAbsentReason() != null) {
                continue;
            }
            usable++;
            reliability += unit(cues, 12).getReliability();
            for (int unit : new int[] {12, 25, 26, 43}) {
                Optional<Boolean> shown = FaceLabels.shows(entry, unit);
                units += shown.isPresent() ? 1 : 0;
                unitsRight += shown.equals(Optional.of(unit(cues, unit).getValue() >= 0.5)) ? 1 : 0;
            }
            if (FaceLabels.clear(entry)) {
                clear++;
                asserted += EXPRESSIONS.stream().anyMatch(name -> looks(cues, name)) ? 1 : 0;
                assertedRight += looks(cues, entry.path("expression").asText()) ? 1 : 0;
            }
        }
        String text = String.format(
                "%-16s usable %d of %d, units right %d of %d, expression asserted %d of %d, right %d, reliability of 12 %.2f",
                degraded,
                usable,
                FACES.size(),
                unitsRight,
                units,
                asserted,
                clear,
                assertedRight,
                reliability / usable);
        System.out.println(text);
        assertTrue(
                usable >= degraded.usable * FACES.size()
                        && unitsRight >= degraded.units * units
                        && assertedRight >= degraded.expressions * asserted,
                text);
    }

    private static boolean looks(FaceCues cues, String expression) {
        return cues.getExpression().get(expression) instanceof Float p && p >= 0.5;
    }

    private static MeasuredUnit unit(FaceCues cues, int unit) {
        return cues.getUnits().stream()
                .filter(one -> one.getActionUnit() == unit)
                .findFirst()
                .orElseThrow();
    }
}
