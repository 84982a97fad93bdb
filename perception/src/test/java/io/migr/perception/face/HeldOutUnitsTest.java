package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How well a unit is called in pictures of sources and people that did not set its threshold. */
@Tag("slow")
final class HeldOutUnitsTest {
    private static final Map<JsonNode, FaceShape> FACES = new LinkedHashMap<>();
    private static final Map<JsonNode, FaceShape> SHUT = new LinkedHashMap<>();

    /** A face whose label is known. */
    private record Sample(JsonNode entry, boolean present, double cue) {}

    @BeforeAll
    static void measure() throws IOException {
        try (FaceNets nets = new FaceNets(false)) {
            for (JsonNode entry : FaceLabels.of("still")) {
                BufferedImage picture = FaceLabels.image(entry);
                Optional<View> open = view(nets, picture);
                if (open.isPresent()) {
                    FACES.put(entry, shape(nets, open.get()));
                    view(nets, PaintedEyes.shut(picture, open.get().mesh()))
                            .ifPresent(shut -> SHUT.put(entry, shape(nets, shut)));
                }
            }
        }
    }

    private static Optional<View> view(FaceNets nets, BufferedImage picture) {
        RgbFrame frame = RealFiles.frame(picture);
        return new FollowedFace(nets)
                .next(frame)
                .map(sight -> View.of(sight, frame))
                .filter(view -> view.obstacle().isEmpty());
    }

    private static FaceShape shape(FaceNets nets, View view) {
        return FaceShape.of(
                nets.blendshapes(view.mesh().blendshapePoints())[0], view.pose().frontal());
    }

    @ParameterizedTest
    @CsvSource({"LIP_CORNER_PULLER,0.9", "LIPS_PART,0.9", "JAW_DROP,0.8", "EYES_CLOSED,0.9"})
    void unitsAreCalledInPicturesThatDidNotSetTheThreshold(ActionUnit unit, double hits) {
        List<Sample> samples = samples(unit);
        for (String group : List.of("package", "person")) {
            assertHeldOut(unit, samples, group, hits);
        }
    }

    @Test
    void eyesPaintedShutAreCalledClosed() {
        long closed = SHUT.values().stream()
                .filter(face -> ActionUnit.EYES_CLOSED.value(face) >= 0.5)
                .count();
        String text = "hits 43 " + closed + " of " + SHUT.size() + " on eyes painted shut";
        System.out.println(text);
        assertTrue(closed >= 0.85 * SHUT.size(), text);
    }

    private static List<Sample> samples(ActionUnit unit) {
        List<Sample> samples = new ArrayList<>();
        FACES.forEach((entry, face) -> FaceLabels.shows(entry, unit.number())
                .ifPresent(present -> samples.add(new Sample(entry, present, unit.cue(face)))));
        if (unit == ActionUnit.EYES_CLOSED) {
            SHUT.forEach((entry, face) -> samples.add(new Sample(entry, true, unit.cue(face))));
        }
        return samples;
    }

    private static void assertHeldOut(ActionUnit unit, List<Sample> samples, String group, double hits) {
        Function<Sample, String> of = sample -> sample.entry().path(group).asText();
        List<String> missed = new ArrayList<>();
        int hit = 0;
        int wrong = 0;
        List<Double> thresholds = new ArrayList<>();
        for (String held : samples.stream().map(of).distinct().toList()) {
            double threshold = threshold(samples.stream()
                    .filter(sample -> !of.apply(sample).equals(held))
                    .toList());
            thresholds.add(threshold);
            for (Sample sample :
                    samples.stream().filter(one -> of.apply(one).equals(held)).toList()) {
                boolean called = sample.cue() >= threshold;
                hit += called && sample.present() ? 1 : 0;
                wrong += called && !sample.present() ? 1 : 0;
                if (called != sample.present()) {
                    missed.add(sample.entry().path("file").asText());
                }
            }
        }
        long present = samples.stream().filter(Sample::present).count();
        long absent = samples.size() - present;
        String text = String.format(
                "unit %d, each %s held out: hits %d of %d, false %d of %d, thresholds %.3f to %.3f, against: %s",
                unit.number(),
                group,
                hit,
                present,
                wrong,
                absent,
                thresholds.stream().min(Double::compare).orElseThrow(),
                thresholds.stream().max(Double::compare).orElseThrow(),
                missed);
        System.out.println(text);
        assertTrue(hit >= hits * present && wrong <= 0.1 * absent, text);
    }

    /** The middle of the widest gap between cues at which hits / present - false / absent is largest (Youden 1950). */
    private static double threshold(List<Sample> samples) {
        double[] cues = samples.stream().mapToDouble(Sample::cue).sorted().toArray();
        double best = -1;
        double width = 0;
        double threshold = 0;
        for (int i = 1; i < cues.length; i++) {
            double middle = (cues[i - 1] + cues[i]) / 2;
            double youden = share(samples, true, middle) - share(samples, false, middle);
            double gap = cues[i] - cues[i - 1];
            if (youden > best + 1e-9 || (youden > best - 1e-9 && gap > width)) {
                best = youden;
                width = gap;
                threshold = middle;
            }
        }
        return threshold;
    }

    private static double share(List<Sample> samples, boolean present, double threshold) {
        Stream<Sample> all = samples.stream().filter(sample -> sample.present() == present);
        return all.mapToDouble(sample -> sample.cue() >= threshold ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
