package io.migr.model.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The known words, each with an id; 0 is padding, 1 any unknown word, 2 the start of a sentence. */
public final class WordList {
    static final int PAD = 0;
    public static final int UNKNOWN = 1;
    static final int START = 2;

    private static final int SPECIAL = 3;
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}']+|[^\\s\\p{L}\\p{N}]");

    private final List<String> words;
    private final Map<String, Integer> ids = new HashMap<>();

    private WordList(List<String> words) {
        this.words = List.copyOf(words);
        words.forEach(word -> ids.put(word, SPECIAL + ids.size()));
    }

    /** The words of a collection, sorted, each once. */
    public static WordList of(Collection<String> words) {
        return new WordList(new ArrayList<>(new TreeSet<>(words)));
    }

    /** Reads what {@link #bytes} returned. */
    public static WordList read(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw new IOException("A word list has one word per line; this one is empty.");
        }
        return new WordList(List.of(text.strip().split("\n")));
    }

    /** One word per line, in UTF-8. */
    public byte[] bytes() {
        return (String.join("\n", words) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The words, in lower case, and punctuation marks of a text. */
    public static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    /** Number of ids, the three special ones included. */
    public int size() {
        return SPECIAL + words.size();
    }

    /** The start id followed by the ids of a text, at most {@code most} in total. */
    public int[] ids(String text, int most) {
        List<String> tokens = tokens(text);
        int[] row = new int[Math.min(most, tokens.size() + 1)];
        row[0] = START;
        for (int i = 1; i < row.length; i++) {
            row[i] = ids.getOrDefault(tokens.get(i - 1), UNKNOWN);
        }
        return row;
    }
}
