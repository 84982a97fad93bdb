package io.migr.model.explain;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of every explanation: two modality blocks in either order, a weighing block, the answer.
 *
 * <pre>
 * &lt;vis_desc&gt;...&lt;/vis_desc&gt; &lt;aud_desc&gt;...&lt;/aud_desc&gt; &lt;think&gt;...&lt;/think&gt; &lt;answer&gt;sad&lt;/answer&gt;
 * </pre>
 */
public final class ExplanationGrammar {
    /** Opening and closing tags; each is one token in the tokenizers that {@link Tokenizer} writes. */
    public static final List<String> TAGS = List.of(
            Block.VISUAL.openingTag(),
            Block.VISUAL.closingTag(),
            Block.AUDIO.openingTag(),
            Block.AUDIO.closingTag(),
            Block.WEIGHING.openingTag(),
            Block.WEIGHING.closingTag(),
            "<answer>",
            "</answer>");

    private static final Pattern FORM =
            Pattern.compile("\\s*<(vis|aud)_desc>([^<>]+)</\\1_desc>\\s*<(?!\\1)(vis|aud)_desc>([^<>]+)</\\3_desc>"
                    + "\\s*<think>([^<>]+)</think>\\s*<answer>\\s*(\\w+)\\s*</answer>\\s*");

    /** Words that make a sentence assert nothing. */
    private static final Pattern HEDGE = Pattern.compile(
            "\\b(not|no|nor|neither|never|unclear|could|might|may|perhaps|either|or|hardly|without|undecided)\\b");

    private static final Map<Emotion, Pattern> NAMES = names();

    private ExplanationGrammar() {}

    private static Map<Emotion, Pattern> names() {
        Map<Emotion, Pattern> names = new EnumMap<>(Emotion.class);
        for (Emotion emotion : Emotion.values()) {
            names.put(emotion, Pattern.compile("\\b" + emotion.word() + "\\b"));
        }
        return names;
    }

    /** Writes an explanation. */
    public static String render(List<ReasoningStep> steps, Emotion answer) {
        StringBuilder text = new StringBuilder();
        for (ReasoningStep step : steps) {
            text.append(step.block().openingTag())
                    .append(step.text())
                    .append(step.block().closingTag())
                    .append('\n');
        }
        return text.append("<answer>").append(answer.word()).append("</answer>").toString();
    }

    /**
     * Reads an explanation.
     *
     * @return empty if the text does not have this form or the answer is not in the label set
     */
    public static Optional<Explanation> parse(String text, List<Emotion> labels, Explanation.Finish finish) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Block first = matcher.group(1).equals("vis") ? Block.VISUAL : Block.AUDIO;
        Block second = first == Block.VISUAL ? Block.AUDIO : Block.VISUAL;
        List<ReasoningStep> steps = new ArrayList<>();
        steps.add(step(first, matcher.group(2), labels));
        steps.add(step(second, matcher.group(4), labels));
        steps.add(step(Block.WEIGHING, matcher.group(5), labels));
        return labels.stream()
                .filter(label -> label.word().equals(matcher.group(6)))
                .findFirst()
                .map(answer -> new Explanation(steps, answer, finish, text));
    }

    private static ReasoningStep step(Block block, String text, List<Emotion> labels) {
        return new ReasoningStep(block, text.strip(), asserted(text, labels));
    }

    /**
     * The emotion that a text asserts: the one named by its last sentence that names exactly one and does not hedge.
     *
     * @return null when no sentence asserts one
     */
    public static Emotion asserted(String text, List<Emotion> labels) {
        Emotion last = null;
        for (String sentence : text.split("(?<=[.!?;])")) {
            Set<Emotion> named = EnumSet.noneOf(Emotion.class);
            for (Emotion label : labels) {
                if (NAMES.get(label).matcher(sentence).find()) {
                    named.add(label);
                }
            }
            if (named.size() == 1 && !HEDGE.matcher(sentence).find()) {
                last = named.iterator().next();
            }
        }
        return last;
    }
}
