package io.migr.trainer.experiment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.migr.corpus.Rationale;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.trainer.measure.Interval;
import io.migr.trainer.measure.Metric;
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
 * What an experiment does, as its YAML file says it.
 *
 * @param name names the page
 * @param perception what decoders see of a clip
 * @param regimes shares of regimes in every split, in percent; empty: the corpus's own
 * @param clips clips of each split
 * @param seeds one run of all arms each
 * @param supervised the first stage
 * @param practice the second stage
 * @param temperatures evaluation decodes at each; 0 is greedy
 * @param blockLimit most tokens of a block where the grammar is held to; null: {@value #BLOCK_LIMIT}
 * @param arms by name, in order: an arm that starts from another stands behind it
 * @param contrasts differences that are claimed or watched
 * @param shown arms that plots show; of the last one, the best-rewarded explanations are shown
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
     * @param visualTokens to which the projector's video tokens are averaged, a divisor of their number
     * @param audioTokens the same of audio tokens
     * @param visualNoise all video tokens of a clip are moved by one random vector of its own, whose deviation in each
     *     dimension is this many times that of clips' mean tokens. Calibrated to the accuracy of the first arm on
     *     validation clips, never to a difference between arms.
     * @param audioNoise the same of audio tokens
     */
    public record Perception(int visualTokens, int audioTokens, double visualNoise, double audioNoise) {
        /** The same with other noise. */
        Perception noisy(double visual, double audio) {
            return new Perception(visualTokens, audioTokens, visual, audio);
        }
    }

    /** Clips of each split. */
    public record Clips(int sft, int rl, int validation, int test) {}

    /**
     * Supervised fine-tuning of a fresh decoder.
     *
     * @param clips of a step
     * @param texts written about each clip of a step
     */
    public record Supervised(int steps, int clips, int texts, double learningRate) {}

    /**
     * GRPO.
     *
     * @param clips of a step
     * @param group texts sampled of each
     * @param beta weight of the KL term
     * @param limit most tokens of a text
     * @param orderWeight factor of the order reward's advantage at the one token that hears of it: a completion's
     *     loss is the mean over its tokens, so the longer texts are, the less one token counts
     */
    public record Practice(
            int steps, int clips, int group, double learningRate, double beta, int limit, double orderWeight) {}

    /**
     * What is trained.
     *
     * @param what in words
     * @param from the arm that it starts from; null: a fresh decoder, by supervised fine-tuning
     * @param text how supervised text appraises
     * @param order which block comes first, also for the order reward; ESTIMATED is by the model's own evidence for the
     *     label
     * @param primacy weight of the second block's evidence, declared with every result
     * @param faces hold visual blocks to the label's action units (consistent augmentation)
     * @param rewards of the second stage
     * @param perception weight of {@link io.migr.trainer.grpo.PerceptionReward}; 0: not rewarded
     * @param seeds run on the first so many of the plan's seeds; null: all
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
        /** The same on all seeds. */
        Arm always() {
            return new Arm(what, from, text, order, primacy, faces, rewards, perception, null);
        }

        /** Texts of this arm. */
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
        /** What leads in another of the plan's clips: IMPORTANCE's shares of orders without its meaning. */
        SHUFFLED
    }

    /**
     * The difference of a metric between two arms over the same clips and seeds.
     *
     * @param metric e.g. {@code ir_think}; see {@link io.migr.trainer.measure.Metric#key}
     * @param temperature of decoding
     * @param claim what is claimed of it; null: only watched
     */
    public record Contrast(String name, String from, String to, String metric, double temperature, Claim claim) {
        /** The metric itself. */
        public Metric measured() {
            return Arrays.stream(Metric.values())
                    .filter(one -> one.key().equals(metric))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Contrast " + name + " asks for " + metric
                            + ", which is no metric; there are "
                            + Arrays.stream(Metric.values()).map(Metric::key).collect(Collectors.joining(", ")) + "."));
        }
    }

    /**
     * A claim about a difference; an interval is 95 %, seeds then clips.
     *
     * @param relativeAtMost the relative change lies at or under this, e.g. -0.3
     * @param atLeast the difference, in points of 100, lies at or over this
     * @param below the whole interval lies below 0
     * @param null0 the interval holds 0
     */
    public record Claim(Double relativeAtMost, Double atLeast, boolean below, @JsonProperty("null") boolean null0) {
        /** Whether it holds of a difference in shares that starts from {@code from}. */
        boolean holds(double from, Interval difference) {
            return (relativeAtMost == null || difference.value() / from <= relativeAtMost)
                    && (atLeast == null || 100 * difference.value() >= atLeast)
                    && (!below || difference.high() < 0)
                    && (!null0 || difference.low() <= 0 && difference.high() >= 0);
        }

        /** In words. */
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
            if (null0) {
                parts.add("no change beyond chance");
            }
            return String.join(", ", parts);
        }
    }

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException says what is wrong in the file
     */
    public static Plan read(Path file) throws IOException {
        YAMLMapper mapper = YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .build();
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("There is no plan " + file.toAbsolutePath()
                    + ". Give a file such as trainer/experiments/mechanics.yaml of the clone.");
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
                    "a plan has name, perception, clips, seeds, supervised, practice, temperatures and arms");
        }
        require(
                !seeds.isEmpty() && !temperatures.isEmpty() && !arms.isEmpty(),
                "seeds, temperatures and arms are not empty");
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
                    "arm " + arm + " starts from " + made.from() + ", which does not stand before it");
            require(
                    made.from() == null ? made.text() != null && made.order() != null : made.rewards() != null,
                    "arm " + arm + " needs text and order, or from and rewards");
            known.add(arm);
        });
        require(known.containsAll(shown), "shown names an arm that is not there");
        require(closest() == null || arms.get(closest()).rewards() != null, "the last arm of shown has rewards");
        for (Contrast contrast : contrasts) {
            require(
                    known.contains(contrast.from()) && known.contains(contrast.to()),
                    "contrast " + contrast.name() + " names an arm that is not there");
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
     * Makes sure that runs of this plan may stand beside those of another.
     *
     * @throws IllegalArgumentException says what differs
     */
    void continues(Plan other) {
        same("perception", perception, other.perception());
        same("regimes", regimes, other.regimes());
        same("clips", clips, other.clips());
        same("supervised", supervised, other.supervised());
        same("practice", practice, other.practice());
        same("block_limit", blockLimit, other.blockLimit());
        arms.forEach((arm, made) -> same(
                "arm " + arm,
                made.always(),
                other.arms().getOrDefault(arm, made).always()));
    }

    private static void same(String what, Object here, Object there) {
        if (!here.equals(there)) {
            throw new IllegalArgumentException("The folder holds runs of another plan: " + what + " was " + there
                    + " and is " + here + ". Give another folder, or the old plan.");
        }
    }

    /** The same with another perception. */
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

    /** The arm whose rewards and best explanations are shown; null: none. */
    public String closest() {
        return shown.isEmpty() ? null : shown.get(shown.size() - 1);
    }

    /** Whether an arm is run with a seed; one that starts from another is run where that one is. */
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
