package io.migr.trainer.round;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.schemas.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a round does. It is fixed before anything is read, so that the round is the same no matter which trainer resumes
 * it.
 *
 * @param ranges ranges of training examples, in the order of partitions
 * @param request offset of the last request that the round answers; null: none
 */
public record RoundPlan(RoundRecipe recipe, List<ExampleRange> ranges, Long request) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DIGITS = 8;

    public RoundPlan {
        ranges = List.copyOf(ranges);
    }

    /**
     * The plan of the round that made a version.
     *
     * @throws IllegalArgumentException if the version was not made by a round or its recipe cannot be read
     */
    public static RoundPlan of(ModelVersion version) {
        if (version.getRecipe() == null) {
            throw new IllegalArgumentException(
                    version.getId() + " was not made by a round, so there is nothing to repeat.");
        }
        try {
            return new RoundPlan(
                    JSON.readValue(version.getRecipe(), RoundRecipe.class),
                    version.getTrainedOn().stream().map(ExampleRange::of).toList(),
                    null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "The recipe of " + version.getId() + " cannot be read by this program: " + e.getOriginalMessage(),
                    e);
        }
    }

    /** The recipe as JSON, as stored with versions. */
    String recipeJson() {
        try {
            return JSON.writeValueAsString(recipe);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A recipe of numbers and strings can always be written as JSON.", e);
        }
    }

    /**
     * The id of the version that the round makes: the model's name and a hash of recipe and ranges. A trainer that has
     * the same plan thus finds that the round has been done.
     *
     * @param model name of the model
     */
    public String version(String model) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((recipeJson() + ranges).getBytes(StandardCharsets.UTF_8));
            return model + "-" + HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform supports SHA-256.", e);
        }
    }
}
