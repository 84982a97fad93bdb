package io.migr.evaluation.judge;

import io.migr.model.Emotion;
import io.migr.model.verify.Synonyms;
import io.migr.model.verify.WordList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An emotion named in a sentence, and its context as features: the words before and after it, single, in pairs and in
 * runs of up to four, and how many other emotions are named on either side. The features contain neither the emotion
 * nor the word that names it, so what is learned from one emotion applies to all.
 */
final class Mention {
    private static final Map<String, Emotion> FORMS = forms();
    private static final int NEAR = 4;
    private static final String EMOTION = "@";

    private final Emotion emotion;
    private final List<String> features;

    private Mention(Emotion emotion, List<String> features) {
        this.emotion = emotion;
        this.features = List.copyOf(features);
    }

    private static Map<String, Emotion> forms() {
        Map<String, Emotion> forms = new TreeMap<>(Synonyms.words(Emotion.DFEW));
        // words that are no answer, but may occur in a sentence
        forms.put("surprised", Emotion.SURPRISE);
        forms.put("disgusted", Emotion.DISGUST);
        forms.put("afraid", Emotion.FEAR);
        forms.put("fearful", Emotion.FEAR);
        return forms;
    }

    /** The words that name an emotion. */
    static List<String> forms(Emotion emotion) {
        return FORMS.entrySet().stream()
                .filter(form -> form.getValue() == emotion)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The words of a sentence without punctuation, with every emotion replaced by the same placeholder. */
    static String masked(String sentence) {
        return WordList.tokens(sentence).stream()
                .filter(token -> Character.isLetterOrDigit(token.charAt(0)))
                .map(token -> FORMS.containsKey(token) ? EMOTION : token)
                .collect(Collectors.joining(" "));
    }

    /** The emotions that a sentence names, in text order. */
    static List<Mention> of(String sentence) {
        List<String> tokens = new ArrayList<>();
        List<Emotion> named = new ArrayList<>();
        for (String token : WordList.tokens(sentence)) {
            Emotion emotion = FORMS.get(token);
            named.add(emotion);
            tokens.add(emotion == null ? token : EMOTION);
        }
        List<Mention> mentions = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (named.get(i) != null) {
                mentions.add(new Mention(named.get(i), features(tokens, i)));
            }
        }
        return mentions;
    }

    private static List<String> features(List<String> tokens, int at) {
        List<String> features = new ArrayList<>(List.of("any"));
        for (int side = -1; side <= 1; side += 2) {
            String name = side < 0 ? "before " : "behind ";
            boolean clause = true;
            String near = "";
            int others = 0;
            for (int d = 1; at + side * d >= 0 && at + side * d < tokens.size(); d++) {
                String token = tokens.get(at + side * d);
                clause &= Character.isLetterOrDigit(token.charAt(0)) || token.equals(EMOTION);
                others += token.equals(EMOTION) ? 1 : 0;
                features.add(name + token);
                features.add(name + (clause ? "in clause " : "beyond ") + token);
                features.add(name + "after " + Math.min(others, 2) + " " + token);
                near = d <= NEAR ? near + " " + token : near;
                if (d <= NEAR) {
                    features.add(name + d + " " + token);
                    features.add(name + "run" + near);
                }
            }
            for (int d = 1; at + side * (d + 1) >= 0 && at + side * (d + 1) < tokens.size(); d++) {
                features.add(name + "pair " + tokens.get(at + side * d) + " " + tokens.get(at + side * (d + 1)));
            }
            features.add(name + "others " + Math.min(others, 2));
        }
        return features;
    }

    Emotion emotion() {
        return emotion;
    }

    List<String> features() {
        return features;
    }
}
