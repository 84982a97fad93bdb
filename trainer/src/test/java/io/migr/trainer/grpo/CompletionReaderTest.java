package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.decode.Generated;
import io.migr.trainer.reward.Completion;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CompletionReaderTest {
    private Toy toy;
    private CompletionReader reader;

    @BeforeEach
    void open() throws IOException {
        toy = new Toy();
        reader = new CompletionReader(toy.config, toy.tokenizer);
    }

    @AfterEach
    void close() {
        toy.close();
    }

    private int[] ids(String text) {
        return Arrays.stream(toy.tokenizer.encode(text))
                .mapToInt(id -> (int) id)
                .toArray();
    }

    private static Generated generated(int[] tokens, boolean stopped) {
        return new Generated(tokens, stopped);
    }

    @Test
    void readsACompleteText() {
        int[] text = toy.text(3, new SplittableRandom(1));
        Completion completion = reader.completion(generated(Arrays.copyOf(text, text.length - 1), true));
        assertEquals(Emotion.DFEW.get(3), completion.explanation().orElseThrow().answer());
        assertTrue(completion.text().startsWith("<"));
    }

    @Test
    void aTextCutAtTheLimitHasNoExplanation() {
        int[] text = toy.text(3, new SplittableRandom(1));
        Generated cut = generated(Arrays.copyOf(text, text.length - 1), false);
        assertTrue(reader.completion(cut).explanation().isEmpty());
        assertArrayEquals(cut.tokens(), reader.tokens(cut));
    }

    @Test
    void theEndTokenIsPartOfTheCompletion() {
        int[] text = toy.text(3, new SplittableRandom(1));
        assertArrayEquals(text, reader.tokens(generated(Arrays.copyOf(text, text.length - 1), true)));
    }

    @Test
    void theFirstOpenedModalityBlockDecidesTheOrder() {
        assertEquals(0, reader.orderToken(ids("<aud_desc> voice. </aud_desc> <vis_desc> face. </vis_desc>")));
        assertEquals(2, reader.orderToken(ids("face . <vis_desc> face. </vis_desc>")));
        assertEquals(-1, reader.orderToken(ids("<think> face. </think>")));
        assertEquals(-1, reader.orderToken(new int[0]));
    }

    @Test
    void allowedTokensEqualThoseDuringSampling() {
        int[] text = toy.text(3, new SplittableRandom(1));
        int[][] allowed = reader.allowed(RolloutDecoding.GRAMMAR, text);
        assertEquals(text.length, allowed.length);
        assertEquals(Modality.values().length, allowed[0].length);
        for (int t = 0; t < text.length; t++) {
            int token = text[t];
            assertTrue(Arrays.stream(allowed[t]).anyMatch(id -> id == token), "token " + t);
        }
        assertArrayEquals(new int[] {reader.endToken()}, allowed[text.length - 1]);
        assertNull(reader.allowed(RolloutDecoding.FREE, text));
        assertNull(reader.allowed(RolloutDecoding.GRAMMAR_PLAIN, text));
        assertFalse(RolloutDecoding.FREE.constrained());
    }
}
