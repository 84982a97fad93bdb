package io.migr.model.explain;

import io.migr.model.network.TokenSplice;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The decoder's prompt: a template with placeholders for video and audio, e.g. {@code <video> <audio> which emotion
 * does this person show}. A missing modality leaves no token.
 */
public final class Prompt {
    private static final Pattern PLACE = Pattern.compile("<video>|<audio>");

    /** Ids of text pieces, or the sentinel of a modality. */
    private final List<long[]> pieces = new ArrayList<>();

    public Prompt(Tokenizer tokenizer, String template) {
        Matcher places = PLACE.matcher(template);
        int at = 0;
        while (places.find()) {
            text(tokenizer, template.substring(at, places.start()));
            pieces.add(new long[] {places.group().equals("<video>") ? TokenSplice.VIDEO : TokenSplice.AUDIO});
            at = places.end();
        }
        text(tokenizer, template.substring(at));
    }

    private void text(Tokenizer tokenizer, String text) {
        if (!text.isBlank()) {
            pieces.add(tokenizer.encode(text));
        }
    }

    /** Token ids with sentinels for {@link TokenSplice}. */
    public long[] ids(boolean video, boolean audio) {
        return pieces.stream()
                .filter(piece -> (piece[0] != TokenSplice.VIDEO || video) && (piece[0] != TokenSplice.AUDIO || audio))
                .flatMapToLong(java.util.Arrays::stream)
                .toArray();
    }
}
