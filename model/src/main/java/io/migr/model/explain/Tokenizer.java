package io.migr.model.explain;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tokenizer read from a {@code tokenizer.json} by the Hugging Face library. Thread-safe. */
public final class Tokenizer implements AutoCloseable {
    /** The token that ends a completion in the tokenizers built here. */
    public static final String END = "</s>";

    private static final String UNKNOWN = "<unk>";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HuggingFaceTokenizer tokenizer;
    private final int size;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int size) {
        this.tokenizer = tokenizer;
        this.size = size;
    }

    /**
     * Reads a tokenizer file.
     *
     * @throws IOException if the file cannot be read; names it
     */
    public static Tokenizer load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no tokenizer file " + file + ".");
        }
        int highest = 0;
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        for (JsonNode id : root.path("model").path("vocab")) {
            highest = Math.max(highest, id.asInt());
        }
        for (JsonNode added : root.path("added_tokens")) {
            highest = Math.max(highest, added.path("id").asInt());
        }
        // the library truncates to 512 tokens by default
        return new Tokenizer(
                HuggingFaceTokenizer.newInstance(
                        file, Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false")),
                highest + 1);
    }

    /**
     * Writes a tokenizer with one token per word; padding is id 0, and every tag of the grammar is one token.
     *
     * @param words lower-case words and punctuation marks
     */
    public static void writeWordLevel(Path file, Collection<String> words) throws IOException {
        Set<String> vocabulary = new LinkedHashSet<>(List.of("<pad>", UNKNOWN, END));
        vocabulary.addAll(ExplanationGrammar.TAGS);
        int special = vocabulary.size();
        vocabulary.addAll(words);
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ObjectNode ids = JSON.createObjectNode();
        int id = 0;
        for (String token : vocabulary) {
            if (id < special) {
                root.withArray("added_tokens")
                        .addObject()
                        .put("id", id)
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
            ids.put(token, id++);
        }
        root.putObject("normalizer").put("type", "Lowercase");
        root.putObject("pre_tokenizer").put("type", "Whitespace");
        root.putNull("post_processor");
        root.putNull("decoder");
        ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", UNKNOWN);
        model.set("vocab", ids);
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    public long[] encode(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    /** The text of ids, including special tokens, without spaces before punctuation. */
    public String decode(int[] ids) {
        long[] wide = java.util.Arrays.stream(ids).asLongStream().toArray();
        return tokenizer.decode(wide, false).replaceAll(" (?=[.,;:!?])", "");
    }

    /** Number of ids: the largest id plus one. */
    public int size() {
        return size;
    }

    /**
     * The id of a token that must exist.
     *
     * @throws IllegalArgumentException when the text is not exactly one token
     */
    public int id(String token) {
        long[] ids = encode(token);
        if (!isKnown(token, ids)) {
            throw new IllegalArgumentException(
                    "\"" + token + "\" is not one token of this vocabulary but " + ids.length + ".");
        }
        return (int) ids[0];
    }

    /** Whether a text is exactly one token. */
    public boolean has(String token) {
        return isKnown(token, encode(token));
    }

    private boolean isKnown(String token, long[] ids) {
        return ids.length == 1 && (token.equals(UNKNOWN) || !Arrays.equals(ids, encode(UNKNOWN)));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
