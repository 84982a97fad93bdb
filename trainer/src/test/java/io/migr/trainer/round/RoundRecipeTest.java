package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.runtime.config.Configuration;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a round does with how many labels. */
final class RoundRecipeTest {
    private static final RoundRecipe CUES = RoundRecipe.of(Configuration.of(Map.of()), "people-1", "0", true);
    private static final RoundRecipe MEDIA = RoundRecipe.of(Configuration.of(Map.of()), "tiny-1", "0", false);

    private static ExampleCounts counts(int training, int heldOut) {
        return new ExampleCounts(training + heldOut, 0, 0, 0, 0, training, 0, heldOut);
    }

    @Test
    void fewLabelsFitFewNumbersAndManyFineTune() {
        assertTrue(CUES.tooFew(counts(15, 4)));
        assertFalse(CUES.tooFew(counts(16, 4)));
        assertTrue(CUES.tooFew(counts(0, 30)));
        assertTrue(CUES.fitsFewNumbers(counts(16, 4)));
        assertTrue(CUES.fitsFewNumbers(counts(79, 20)));
        assertFalse(CUES.fitsFewNumbers(counts(80, 20)));
        assertTrue(CUES.fitsFewNumbers(counts(300, 19)), "19 held-out clips decide nothing");
    }

    @Test
    void aModelOfPicturesFineTunesWithAnyLabel() {
        assertFalse(MEDIA.tooFew(counts(1, 0)));
        assertTrue(MEDIA.tooFew(counts(0, 3)));
        assertFalse(MEDIA.fitsFewNumbers(counts(1, 0)));
        assertEquals(10, MEDIA.labelRule().heldOutOneIn());
    }

    /** Also their version: a hash of the JSON names it. */
    @Test
    void recipesOfEarlierVersionsAreReadAndStayTheSame() throws IOException {
        String earlier = "{\"parent\":\"people-1\",\"parentSha256\":\"0\",\"seed\":17,\"window\":600,\"heldOut\":200,"
                + "\"rehearsalClips\":512,\"rehearsalPercent\":50,\"steps\":60,\"learningRate\":0.001,\"rewardSteps\":10,"
                + "\"rewardLearningRate\":2.0E-5,\"parentPercent\":40,\"validationClips\":300,\"threads\":1,"
                + "\"bfloat\":true}";
        RoundRecipe recipe = new ObjectMapper().readValue(earlier, RoundRecipe.class);
        assertFalse(recipe.fitsFewNumbers(counts(9, 1)));
        assertEquals(earlier, new RoundPlan(recipe, List.of(), null).recipeJson());
        RoundPlan cues = new RoundPlan(CUES, List.of(), null);
        assertEquals(CUES, new ObjectMapper().readValue(cues.recipeJson(), RoundRecipe.class));
    }
}
