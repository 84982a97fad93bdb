package io.migr.corpus.people;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.cues.ClipCues;
import io.migr.perception.voice.Arousal;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.FaceView;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.UnitUsual;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PeoplePosteriorTest {
    private static final int CLIPS = 4_000;
    private static final List<PeopleClip> SAMPLE =
            LongStream.range(0, CLIPS).mapToObj(PeopleClip::of).toList();

    @Test
    void everyRowOfNumbersHasItsSourceAndItsNumberOfObservations() {
        int rows = 0;
        for (Map.Entry<String, JsonNode> row : PeopleNoise.rows().properties()) {
            if (row.getValue().isObject()) {
                assertTrue(row.getValue().path("source").asText().length() > 10, row.getKey());
                assertTrue(row.getValue().path("n").isInt(), row.getKey());
                rows++;
            }
        }
        assertTrue(rows > 15, "rows: " + rows);
    }

    @Test
    void theSameSeedGivesTheSameClipAndAnotherSeedAnother() {
        PeopleClip again = PeopleClip.of(5);
        assertEquals(SAMPLE.get(5).label(), again.label());
        assertEquals(SAMPLE.get(5).cues(), again.cues());
        assertNotEquals(SAMPLE.get(6).cues(), again.cues());
    }

    @Test
    void thePosteriorIsCalibratedAndItsCeilingIsPrintedByView() {
        double[] sums = new double[10];
        double[] right = new double[10];
        Map<String, int[]> views = new TreeMap<>();
        Map<Dominance, Integer> leads = new TreeMap<>();
        for (PeopleClip clip : SAMPLE) {
            Emotion best = PeoplePosterior.best(clip.posterior().both());
            double p = PeoplePosterior.probability(clip.posterior().both(), best);
            int bin = (int) Math.min(9, 10 * p);
            sums[bin] += p;
            right[bin] += best == clip.label() ? 1 : 0;
            int[] view = views.computeIfAbsent(view(clip.cues()), key -> new int[2]);
            view[0] += best == clip.label() ? 1 : 0;
            view[1]++;
            leads.merge(clip.leads(), 1, Integer::sum);
        }
        double error = 0;
        for (int bin = 0; bin < 10; bin++) {
            error += Math.abs(sums[bin] - right[bin]) / CLIPS;
        }
        System.out.printf("Bayes ceiling over %,d clips: WAR %.3f, ECE %.3f%n", CLIPS, sum(right) / CLIPS, error);
        views.forEach((view, n) -> System.out.printf("  %-12s n = %5d, WAR %.3f%n", view, n[1], n[0] / (double) n[1]));
        leads.forEach((lead, n) -> System.out.printf("  %-12s %.3f of clips%n", lead, n / (double) CLIPS));
        assertTrue(error < 0.025, "expected calibration error: " + error);
        assertTrue(sum(right) / CLIPS > 0.45 && sum(right) / CLIPS < 0.7, "ceiling: " + sum(right) / CLIPS);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static String view(ClipCues cues) {
        if (cues.face() == null || cues.face().getAbsentReason() != null) {
            return "no face";
        }
        double smile = cues.face().getUnits().stream()
                .filter(unit -> unit.getActionUnit() == 12)
                .findFirst()
                .orElseThrow()
                .getReliability();
        return smile < 0.35 ? "bad" : smile < 0.7 ? "poor" : "good";
    }

    @Test
    void arousalRanksRaisedVoicesAsOftenAsMeasuredOnPeople() {
        List<Double> raised = new ArrayList<>();
        List<Double> usual = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 3_000; i++) {
            Speaker speaker = new Speaker(random);
            VoiceBaseline baseline = VoiceBaseline.of(speaker.baseline(20, 40));
            boolean up = random.nextBoolean();
            double mean = up ? VoiceNoise.PEOPLE.raised() : 0;
            double p = Arousal.of(speaker.speak(mean + random.nextGaussian(), VoiceNoise.Noise.NONE, false), baseline)
                    .raised();
            if (!Double.isNaN(p)) {
                (up ? raised : usual).add(p);
            }
        }
        double pairs = 0;
        for (double high : raised) {
            for (double low : usual) {
                pairs += high > low ? 1 : high == low ? 0.5 : 0;
            }
        }
        double auc = pairs / raised.size() / usual.size();
        System.out.printf("Arousal, raised above usual: AUC %.3f%n", auc);
        assertTrue(auc > 0.72 && auc < 0.78, "AUC " + auc);
    }

    @Test
    void aClearSmileIsHappyAndADarkOneIsNot() {
        FaceExpression happy = new FaceExpression(0.93f, 0.02f, 0.01f, 0.02f, 0.01f, 0.01f);
        double clear = happy(new ClipCues(face(1, happy, Map.of(12, 0.85f, 25, 0.7f)), null, usual()));
        assertTrue(clear >= 0.9, "clear: " + clear);
        FaceExpression dim = new FaceExpression(0.243f, 0.157f, 0.15f, 0.15f, 0.15f, 0.15f);
        double dark = happy(new ClipCues(face(0.1, dim, Map.of(12, 0.6f)), null, null));
        assertTrue(dark < 0.6, "dark: " + dark);
    }

    @Test
    void aNeutralFaceIsToldAndAnUnclearOneIsNot() {
        FaceExpression clear = new FaceExpression(0.02f, 0.86f, 0.04f, 0.03f, 0.03f, 0.02f);
        assertTrue(peak(clear, Map.of()) > 0.6, "neutral: " + peak(clear, Map.of()));
        // an open mouth in the middle of a word, with what is measured of it
        FaceExpression talking = new FaceExpression(0.02f, 0.36f, 0.55f, 0.03f, 0.02f, 0.02f);
        double unclear = peak(talking, Map.of(25, 0.9f, 26, 0.7f));
        assertTrue(unclear < 0.6, "unclear: " + unclear);
    }

    private static double peak(FaceExpression expression, Map<Integer, Float> values) {
        double[] both = PeoplePosterior.of(new ClipCues(face(1, expression, values), null, null))
                .both();
        return PeoplePosterior.probability(both, PeoplePosterior.best(both));
    }

    @Test
    void aWeepingSmileIsHardlyHappy() {
        FaceExpression torn = new FaceExpression(0.4f, 0.03f, 0.03f, 0.5f, 0.02f, 0.02f);
        double happy =
                happy(new ClipCues(face(1, torn, Map.of(12, 0.65f, 25, 0.7f, 1, 0.68f, 4, 0.5f)), null, usual()));
        assertTrue(happy < 0.6, "happy: " + happy);
    }

    @Test
    void aRaisedVoiceAloneSettlesNothing() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            Speaker speaker = new Speaker(random);
            ClipCues clip = new ClipCues(
                    null,
                    speaker.speak(2.5, VoiceNoise.Noise.NONE, false),
                    new ParticipantBaseline(speaker.baseline(30, 70), null, false, Instant.EPOCH));
            double[] both = PeoplePosterior.of(clip).both();
            double peak = PeoplePosterior.probability(both, PeoplePosterior.best(both));
            assertTrue(peak <= 0.5, "most probable: " + peak);
        }
    }

    @Test
    void plantedClipsAreLedByWhatWasPlanted() {
        Map<PeopleClip.Planted, Map<Dominance, Integer>> counts = new TreeMap<>();
        Map<PeopleClip.Planted, Double> evidence = new TreeMap<>();
        for (PeopleClip.Planted kind : PeopleClip.Planted.values()) {
            for (long seed = 0; seed < 400; seed++) {
                PeopleClip clip = PeopleClip.planted(kind, seed);
                counts.computeIfAbsent(kind, key -> new TreeMap<>()).merge(clip.leads(), 1, Integer::sum);
                int y = PeopleNoise.LABELS.indexOf(clip.label());
                double told = clip.posterior().both()[y] - clip.posterior().none()[y];
                evidence.merge(kind, told / 400, Double::sum);
            }
        }
        System.out.println("Planted, leads: " + counts + ", nats of the label: " + evidence);
        assertTrue(counts.get(PeopleClip.Planted.ONLY_FACE).get(Dominance.VISUAL) > 260, counts.toString());
        assertTrue(counts.get(PeopleClip.Planted.ONLY_VOICE).get(Dominance.AUDIO) > 280, counts.toString());
        assertTrue(counts.get(PeopleClip.Planted.ONE_LIES).getOrDefault(Dominance.VISUAL, 0) < 40, counts.toString());
        assertTrue(evidence.get(PeopleClip.Planted.BOTH_DECISIVE) > 1.3, evidence.toString());
        assertTrue(evidence.get(PeopleClip.Planted.BOTH_USELESS) < 0.2, evidence.toString());
    }

    private static double happy(ClipCues clip) {
        return PeoplePosterior.probability(PeoplePosterior.of(clip).both(), Emotion.HAPPY);
    }

    /** A face with these values; other absolute units 0.1, other relative ones as usual. */
    private static FaceCues face(double quality, FaceExpression expression, Map<Integer, Float> values) {
        List<MeasuredUnit> units = new ArrayList<>();
        for (UnitNoise unit : UnitNoise.ALL) {
            float value = values.getOrDefault(unit.number(), unit.relative() ? 0.3f : 0.1f);
            units.add(new MeasuredUnit(
                    unit.number(), value, (float) (unit.reliability() * quality), unit.relative(), null));
        }
        FaceView view = new FaceView(2f, -1f, 0f, 0.5f, 0.5f, 120f, (float) (0.02 + 0.08 * quality), 1f);
        FaceFrame frame = new FaceFrame(375, 0.99f, true, view, units);
        return new FaceCues("faces-2", null, 1, List.of(frame), units, expression);
    }

    private static ParticipantBaseline usual() {
        List<UnitUsual> units = new ArrayList<>();
        for (UnitNoise unit : UnitNoise.ALL) {
            if (unit.relative()) {
                units.add(new UnitUsual(unit.number(), 0.28f, 0.02f));
            }
        }
        return new ParticipantBaseline(null, new FaceUsual(9, units), false, Instant.EPOCH);
    }
}
