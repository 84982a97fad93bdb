package io.migr.evaluation.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportanceFitTest {
    private static final EvidenceTemperature ONE = EvidenceTemperature.same(1);
    private static final ImportanceRule START = new ImportanceRule(1, 0.1, ImportanceRule.DEFAULT_FLOOR);

    @ParameterizedTest
    @CsvSource({"11, 1, 1", "12, 1.6, 0.7", "13, 0.8, 1.4"})
    void theFourDominancesAreToldApartOnDrawsThatTheFitDidNotSee(long seed, double visual, double audio) {
        ImportanceFit fit = new ImportanceFit(new PlantedEvidence(seed, visual, audio).draw(400));
        EvidenceTemperature temperature = fit.temperatures(ONE);
        ImportanceRule rule = fit.rule(temperature, START);
        Map<Dominance, Integer> right = new EnumMap<>(Dominance.class);
        Map<Dominance, Integer> all = new EnumMap<>(Dominance.class);
        List<Double> shares = new ArrayList<>();
        List<Boolean> faceLeads = new ArrayList<>();
        for (LabelledEvidence clip : new PlantedEvidence(1000 + seed, visual, audio).draw(2000)) {
            ModalityImportance importance = ImportanceFit.importance(
                    new LabelledEvidence(ImportanceFit.scaled(clip.evidence(), temperature), clip.label(), null), rule);
            all.merge(clip.oracle(), 1, Integer::sum);
            right.merge(clip.oracle(), importance.dominant() == clip.oracle() ? 1 : 0, Integer::sum);
            if (clip.oracle().modality() != null) {
                shares.add((double) importance.visualShare());
                faceLeads.add(clip.oracle() == Dominance.VISUAL);
            }
        }
        boolean[] happened = new boolean[shares.size()];
        for (int i = 0; i < happened.length; i++) {
            happened[i] = faceLeads.get(i);
        }
        double ece = Reliability.of(shares.stream().mapToDouble(share -> share).toArray(), happened, Reliability.BINS)
                .expectedError();
        String found = rule + ", " + temperature + ", recall " + right + " of " + all + ", ECE " + ece;
        System.out.println(found);
        for (Dominance one : Dominance.values()) {
            assertTrue(right.get(one) >= 0.9 * all.get(one), found);
        }
        assertTrue(ece <= 0.03, found);
    }

    /** Labels drawn from softmax(l), head gives 2 l: the best temperature is 2, whatever the other heads do. */
    @Test
    void eachHeadHasTheTemperatureThatItsClipsAskFor() {
        PlantedEvidence planted = new PlantedEvidence(5, 1, 1);
        List<LabelledEvidence> clips = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            clips.add(planted.calibrated(2));
        }
        EvidenceTemperature fitted = new ImportanceFit(clips).temperatures(new EvidenceTemperature(1, 1.25, 0.75));
        assertEquals(2, fitted.visual(), 0.15);
        assertEquals(1.25, fitted.audio(), "no clip has a voice");
        assertEquals(0.75, fitted.both(), "no clip has both");
    }

    @Test
    void withoutAClipThatTellsNothingTheFloorStays() {
        List<LabelledEvidence> telling = new PlantedEvidence(6, 1, 1)
                .draw(100).stream()
                        .filter(clip -> clip.oracle() != Dominance.NEITHER)
                        .toList();
        assertEquals(
                0.45,
                new ImportanceFit(telling)
                        .rule(ONE, new ImportanceRule(1, 0.1, 0.45))
                        .evidenceFloor()
                        .getAsDouble());
        ImportanceRule unfitted = new ImportanceRule(1.5, 0.2, 0.4);
        assertEquals(unfitted, new ImportanceFit(List.of()).rule(ONE, unfitted));
    }

    @Test
    void ofEquallyGoodValuesTheMiddleOfTheLongestRunIsTaken() {
        double[] scores = {0, 3, 1, 3, 3, 3, 2};
        double[] values = {10, 11, 12, 13, 14, 15, 16};
        assertEquals(14, ImportanceFit.best(values, value -> scores[(int) value - 10]));
        assertEquals(16, ImportanceFit.best(values, value -> value));
    }
}
