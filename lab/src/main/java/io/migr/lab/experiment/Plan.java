package io.migr.lab.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.trainer.reward.Rewards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The plan of an experiment, read from its YAML file.
 *
 * @param name title of the page
 * @param perception what decoders see of a clip
 * @param regimes shares of regimes in every split, in percent; empty for the corpus's own shares
 * @param clips number of clips of each split
 * @param seeds seeds, with one run of all arms for each
 * @param supervised the first stage
 * @param practice the second stage
 * @param temperatures evaluation decodes at each; 0 is greedy
 * @param blockLimit maximum tokens of a block when decoding is constrained by the grammar; null for {@value
 *     #BLOCK_LIMIT}
 * @param arms by name, in order: an arm that starts from another one comes after it
 * @param contrasts differences between arms that are claimed or only watched
 * @param shown arms shown in plots; for the last one, the page also shows the best-rewarded explanations
 */
public record Plan(
        String name,
        Perception perception,
        Map<String, Double> regimes,
        Clips clips,
        List<Long> seeds,
        Supervised supervised,
        Practice practice,
        List<Double> temperatures,
        Integer blockLimit,
        Map<String, Arm> arms,
        List<Contrast> contrasts,
        List<String> shown) {
    private static final int BLOCK_LIMIT = 48;

    /**
     * What decoders see of a clip.
     *
     * @param visualTokens number of groups in which the projector's video tokens are averaged, a divisor of their
     *     number
     * @param audioTokens the same for audio tokens
     * @param visualNoise all video tokens of a clip are shifted by one random vector, whose standard deviation in each
     *     dimension is this multiple of that of clips' mean tokens. Calibrated to the accuracy of the first arm on
     *     validation clips, never to a difference between arms.
     * @param audioNoise the same for audio tokens
     */
    public record Perception(int visualTokens, int audioTokens, double visualNoise, double audioNoise) {
        /** A copy with other noise. */
        Perception noisy(double visual, double audio) {
            return new Perception(visualTokens, audioTokens, visual, audio);
        }
    }

    /** Number of clips of each split. */
    public record Clips(int sft, int rl, int validation, int test) {}

    /**
     * Supervised fine-tuning of a fresh decoder.
     *
     * @param clips clips per step
     * @param texts texts written about each clip of a step
     */
    public record Supervised(int steps, int clips, int texts, double learningRate) {}

    /** The second stage, GRPO.
     *
     * @param clips clips per step
     * @param group texts sampled for each clip
     * @param beta weight of the KL term
     * @param limit maximum tokens of a text
     * @param orderWeight factor of the order reward's advantage at the one token that receives it: a completion's loss
     *     is the mean over its tokens, so one token counts less in a longer text
     */
    public record Practice(
            int steps, int clips, int group, double learningRate, double beta, int limit, double orderWeight) {}

    /** One trained variant.
     *
     * @param what a description
     * @param from the arm that it starts from; null for supervised fine-tuning of a fresh decoder
     * @param text kind of appraisals in the supervised text
     * @param order which block comes first, also for the order reward; ESTIMATED uses the model's own evidence for the
     *     label
     * @param primacy weight of the second block's evidence, stated with every result
     * @param faces whether visual blocks are kept to the label's action units (consistent augmentation)
     * @param rewards rewards of the second stage
     * @param perception weight of {@link io.migr.trainer.grpo.PerceptionReward}; 0 for none
     * @param seeds how many of the plan's seeds, from the first, it is run on; null for all
     */
    public record Arm(
            String what,
            String from,
            Rationale.Text text,
            Order order,
            Double primacy,
            boolean faces,
            Rewards rewards,
            double perception,
            Integer seeds) {
        /** A copy that is run on all seeds. */
        Arm onAllSeeds() {
            return new Arm(what, from, text, order, primacy, faces, rewards, perception, null);
        }

        /** The generator of this arm's texts. */
        Rationale rationale(Rationale.Order first) {
            return new Rationale(text, first, primacy == null ? 1 : primacy, faces);
        }
    }

    /** Which block comes first. */
    public enum Order {
        IMPORTANCE,
        ESTIMATED,
        VISUAL_FIRST,
        AUDIO_FIRST,
        RANDOM,
        /**
         * The leading modality of another of the plan's clips: a placebo with the same shares of orders as IMPORTANCE.
         */
        SHUFFLED
    }

    /**
     * The difference of a metric between two arms over the same clips and seeds.
     *
     * @param metric e.g. {@code ir}; see {@link io.migr.evaluation.measure.Metric#key}
     * @param temperature decoding temperature
     * @param claim what is claimed; null if the difference is only watched
     */
    public record Contrast(String name, String from, String to, String metric, double temperature, Claim claim) {
        /** The metric named by {@link #metric}. */
        public Metric measured() {
            return Arrays.stream(Metric.values())
                    .filter(one -> one.key().equals(metric))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Contrast " + name + " asks for " + metric
                            + ", which is not a metric; the metrics are "
                            + Arrays.stream(Metric.values()).map(Metric::key).collect(Collectors.joining(", ")) + "."));
        }
    }

    /**
     * A claim about a difference. Intervals are 95 %, resampled over seeds and then clips.
     *
     * @param relativeAtMost the relative change is at most this, e.g. -0.3; null for no such condition
     * @param atLeast the difference, in percentage points, is at least this; null for no such condition
     * @param below whether the whole interval must be below 0
     * @param noChange whether the interval must contain 0
     */
    public record Claim(Double relativeAtMost, Double atLeast, boolean below, @JsonProperty("null") boolean noChange) {
        /** Whether the claim holds for a difference of shares, where {@code from} is the value of the first arm. */
        boolean holds(double from, Interval difference) {
            return (relativeAtMost == null || difference.value() / from <= relativeAtMost)
                    && (atLeast == null || 100 * difference.value() >= atLeast)
                    && (!below || difference.high() < 0)
                    && (!noChange || difference.low() <= 0 && difference.high() >= 0);
        }

        /** The claim in words. */
        public String words() {
            List<String> parts = new ArrayList<>();
            if (relativeAtMost != null) {
                parts.add(String.format(Locale.ROOT, "falls by %.0f %% or more", -100 * relativeAtMost));
            }
            if (atLeast != null) {
                parts.add(String.format(Locale.ROOT, "changes by %+.0f points at worst", atLeast));
            }
            if (below) {
                parts.add("falls, beyond chance");
            }
            if (noChange) {
                parts.add("no change beyond chance");
            }
            return String.join(", ", parts);
        }
    }

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException if the plan is missing or invalid; the message states the problem
     */
    public static Plan read(Path file) throws IOException {
        YAMLMapper mapper = YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .build();
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("There is no plan " + file.toAbsolutePath()
                    + ". Give a file such as lab/experiments/mechanics.yaml of the clone.");
        }
        try {
            Plan plan = mapper.readValue(Files.readString(file), Plan.class);
            plan.check();
            return plan;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ": " + e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : " (line " + e.getLocation().getLineNr() + ")"),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    public Plan {
        regimes = regimes == null ? Map.of() : new LinkedHashMap<>(regimes);
        blockLimit = blockLimit == null ? BLOCK_LIMIT : blockLimit;
        contrasts = contrasts == null ? List.of() : List.copyOf(contrasts);
        shown = shown == null ? List.of() : List.copyOf(shown);
    }

    private void check() {
        for (Object part : new Object[] {name, perception, clips, seeds, supervised, practice, temperatures, arms}) {
            require(
                    part != null,
                    "a plan needs name, perception, clips, seeds, supervised, practice, temperatures and arms");
        }
        require(
                !seeds.isEmpty() && !temperatures.isEmpty() && !arms.isEmpty(),
                "seeds, temperatures and arms must not be empty");
        require(
                clips.test() <= Split.TEST.size() && clips.validation() <= Split.VALIDATION.size(),
                "the corpus has " + Split.TEST.size() + " test and " + Split.VALIDATION.size() + " validation clips");
        require(
                practice.orderWeight() > 0 && supervised.steps() > 0 && practice.steps() > 0,
                "practice needs order_weight above 0, and both stages need steps");
        for (String regime : regimes.keySet()) {
            require(
                    Arrays.stream(Regime.values()).anyMatch(one -> one.label().equals(regime)),
                    "regimes names " + regime + ", which is none of "
                            + Arrays.stream(Regime.values()).map(Regime::label).collect(Collectors.joining(", ")));
        }
        Set<String> known = new HashSet<>();
        arms.forEach((arm, made) -> {
            require(
                    made.from() == null || known.contains(made.from()),
                    "arm " + arm + " starts from " + made.from() + ", which is not listed before it");
            require(
                    made.from() == null ? made.text() != null && made.order() != null : made.rewards() != null,
                    "arm " + arm + " needs text and order, or from and rewards");
            known.add(arm);
        });
        require(known.containsAll(shown), "shown names an arm that does not exist");
        require(
                featuredArm() == null || arms.get(featuredArm()).rewards() != null,
                "the last arm of shown needs rewards");
        for (Contrast contrast : contrasts) {
            require(
                    known.contains(contrast.from()) && known.contains(contrast.to()),
                    "contrast " + contrast.name() + " names an arm that does not exist");
            require(
                    temperatures.contains(contrast.temperature()),
                    "contrast " + contrast.name() + " is at a temperature that is not evaluated");
            contrast.measured();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what + ".");
        }
    }

    /**
     * Checks that runs of this plan can share a folder with those of another plan.
     *
     * @throws IllegalArgumentException if they cannot; the message names the difference
     */
    void requireSameRuns(Plan other) {
        same("perception", perception, other.perception());
        same("regimes", regimes, other.regimes());
        same("clips", clips, other.clips());
        same("supervised", supervised, other.supervised());
        same("practice", practice, other.practice());
        same("block_limit", blockLimit, other.blockLimit());
        arms.forEach((arm, made) -> same(
                "arm " + arm,
                made.onAllSeeds(),
                other.arms().getOrDefault(arm, made).onAllSeeds()));
    }

    private static void same(String what, Object here, Object there) {
        if (!here.equals(there)) {
            throw new IllegalArgumentException("The folder contains runs of another plan: " + what + " was " + there
                    + " and is " + here + ". Give another folder, or the old plan.");
        }
    }

    /** A copy with another perception. */
    Plan with(Perception other) {
        return new Plan(
                name,
                other,
                regimes,
                clips,
                seeds,
                supervised,
                practice,
                temperatures,
                blockLimit,
                arms,
                contrasts,
                shown);
    }

    /** The last arm of {@link #shown}, whose rewards and best explanations the page shows; null if none. */
    public String featuredArm() {
        return shown.isEmpty() ? null : shown.get(shown.size() - 1);
    }

    /** Whether an arm is run with a seed; an arm that starts from another is run only with seeds of that one. */
    boolean runs(String arm, long seed) {
        Arm made = arms.get(arm);
        return (made.seeds() == null || seeds.indexOf(seed) < made.seeds())
                && (made.from() == null || runs(made.from(), seed));
    }

    /** The supervised arm that an arm's texts and order come from. */
    Arm root(String arm) {
        Arm made = arms.get(arm);
        return made.from() == null ? made : root(made.from());
    }
}
