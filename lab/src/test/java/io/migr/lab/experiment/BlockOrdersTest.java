package io.migr.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.model.Dominance;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The placebo order. */
final class BlockOrdersTest {
    private static final int CLIPS = 2_000;
    /** Shares that differ from the corpus's own. */
    private static final Map<String, Double> REGIMES =
            Map.of("visual-dominant", 20.0, "audio-dominant", 60.0, "balanced", 20.0);

    private static ExperimentClips clips(Map<String, Double> regimes, int count) {
        int[] numbers = EncodedClips.choose(regimes, Split.SFT, count);
        ClipTruth[] truths = Arrays.stream(numbers)
                .mapToObj(number -> ClipTruth.of(Split.SFT.seed(number)))
                .toArray(ClipTruth[]::new);
        return new ExperimentClips(truths, numbers, null);
    }

    @Test
    void aPlaceboHasThePlansSharesButIsIndependentOfTheClip() {
        ExperimentClips clips = clips(REGIMES, CLIPS);
        BlockOrders orders = new BlockOrders(null, split -> clips);
        Map<Dominance, Integer> led = new EnumMap<>(Dominance.class);
        Map<Dominance, Integer> placebo = new EnumMap<>(Dominance.class);
        int same = 0;
        for (int clip = 0; clip < CLIPS; clip++) {
            ClipTruth truth = clips.truth(clip);
            Dominance first = orders.first(Plan.Order.SHUFFLED, truth);
            led.merge(truth.oracle(), 1, Integer::sum);
            placebo.merge(first, 1, Integer::sum);
            same += first == truth.oracle() ? 1 : 0;
            assertEquals(first, orders.text(Plan.Order.SHUFFLED, truth).leads(truth));
        }
        assertEquals(led, placebo);
        assertEquals(0.6, led.get(Dominance.AUDIO) / (double) CLIPS, 0.04);
        // two independent clips agree with probability 0.2^2 + 0.6^2 + 0.2^2
        assertEquals(0.44, same / (double) CLIPS, 0.05);
    }

    @Test
    void theLastOfAnOddNumberTakesTheOrderOfTheFirst() {
        ExperimentClips clips = clips(Map.of(), 3);
        BlockOrders orders = new BlockOrders(null, split -> clips);
        assertEquals(clips.truth(1).oracle(), orders.first(Plan.Order.SHUFFLED, clips.truth(0)));
        assertEquals(clips.truth(0).oracle(), orders.first(Plan.Order.SHUFFLED, clips.truth(1)));
        assertEquals(clips.truth(0).oracle(), orders.first(Plan.Order.SHUFFLED, clips.truth(2)));
    }

    @Test
    void textStartsWithTheLeadingModality() {
        ExperimentClips clips = clips(Map.of(), 60);
        BlockOrders orders = new BlockOrders(null, split -> clips);
        for (int clip = 0; clip < clips.size(); clip++) {
            ClipTruth truth = clips.truth(clip);
            assertEquals(
                    Rationale.Order.IMPORTANCE.leads(truth),
                    orders.text(Plan.Order.IMPORTANCE, truth).leads(truth));
            assertEquals(Dominance.AUDIO, orders.first(Plan.Order.AUDIO_FIRST, truth));
        }
    }
}
