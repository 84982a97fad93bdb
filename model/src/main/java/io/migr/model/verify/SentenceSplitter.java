package io.migr.model.verify;

import java.util.ArrayList;
import java.util.List;

/** Splits text where a run of {@code . ! ?} ends a sentence outside double quotes, as ERV's reward does. */
public final class SentenceSplitter {
    private SentenceSplitter() {}

    /** The sentences without their final marks; none is blank. */
    public static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        StringBuilder sentence = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted = c == '"' ? !quoted : c == '\u201c' || (c != '\u201d' && quoted);
            if (!quoted && (c == '.' || c == '!' || c == '?')) {
                add(sentences, sentence);
            } else {
                sentence.append(c);
            }
        }
        add(sentences, sentence);
        return sentences;
    }

    private static void add(List<String> sentences, StringBuilder sentence) {
        String stripped = sentence.toString().strip();
        if (!stripped.isEmpty()) {
            sentences.add(stripped);
        }
        sentence.setLength(0);
    }
}
