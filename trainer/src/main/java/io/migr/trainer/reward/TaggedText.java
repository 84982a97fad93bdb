package io.migr.trainer.reward;

import java.util.Optional;

/** Extracts the text between a pair of tags. */
final class TaggedText {
    private TaggedText() {}

    /** The text between the only {@code <tag>} and the only {@code </tag>}; empty if there is no such pair. */
    static Optional<String> content(String text, String tag) {
        String open = "<" + tag + ">";
        String close = "</" + tag + ">";
        int from = text.indexOf(open);
        int to = text.indexOf(close);
        boolean single = from >= 0
                && to >= from + open.length()
                && text.indexOf(open, from + 1) < 0
                && text.indexOf(close, to + 1) < 0;
        return single ? Optional.of(text.substring(from + open.length(), to)) : Optional.empty();
    }
}
