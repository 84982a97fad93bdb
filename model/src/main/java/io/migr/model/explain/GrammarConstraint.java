package io.migr.model.explain;

import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.TokenConstraint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Constrains decoding to {@link ExplanationGrammar}: the blocks come in order, each has at least one sentence and is
 * closed at its limit, the answer is a label, then the end token follows. The weighing block can be required to begin
 * with a sentence that names the leading modality.
 */
public final class GrammarConstraint implements TokenConstraint {

    /** The token ids shared by all constraints of one tokenizer. */
    public static final class Tokens {
        private final int[] text;
        private final int[] stops;
        private final int[] labels;
        private final int answerOpen;
        private final int answerClose;
        private final int end;
        /** The opening and the closing tag of each block. */
        private final Map<Block, int[]> blocks = new EnumMap<>(Block.class);

        private final LeadSentences leads;
        private final CueSentences cues;

        /**
         * Looks up the tokens for a model without lead sentences and measured cues.
         *
         * @param vocabulary number of token ids
         */
        public Tokens(Tokenizer tokenizer, int vocabulary, List<Emotion> labelSet) {
            this(tokenizer, vocabulary, labelSet, Map.of(), List.of());
        }

        /**
         * Looks up the tokens.
         *
         * @param vocabulary number of token ids
         * @param leadSentences the model's {@link EmotionModelConfig#leads}
         * @param measured the model's {@link EmotionModelConfig#cues}
         */
        public Tokens(
                Tokenizer tokenizer,
                int vocabulary,
                List<Emotion> labelSet,
                Map<Dominance, List<String>> leadSentences,
                List<MeasuredCue> measured) {
            cues = new CueSentences(tokenizer, measured);
            leads = new LeadSentences(tokenizer, leadSentences);
            labels = labelSet.stream()
                    .mapToInt(label -> tokenizer.id(label.word()))
                    .toArray();
            end = tokenizer.id(Tokenizer.END);
            answerOpen = tokenizer.id("<answer>");
            answerClose = tokenizer.id("</answer>");
            for (Block block : Block.values()) {
                blocks.put(block, new int[] {tokenizer.id(block.openingTag()), tokenizer.id(block.closingTag())});
            }
            stops = new int[] {tokenizer.id(".")};
            List<Integer> special = new ArrayList<>(List.of(tokenizer.id("<pad>"), tokenizer.id("<unk>"), end));
            ExplanationGrammar.TAGS.forEach(tag -> special.add(tokenizer.id(tag)));
            text = IntStream.range(0, vocabulary)
                    .filter(id -> !special.contains(id))
                    .toArray();
        }

        /**
         * The leading modality named at the start of a text's weighing block; null: it begins with no lead sentence.
         */
        public Dominance statedLead(int[] text) {
            return leads.stated(text, opening(Block.WEIGHING));
        }

        /** The cues that may not be claimed for a clip, see {@link CueSentences#barred}. */
        public long barred(MeasuredCue.Measures measures) {
            return cues.barred(measures);
        }

        private int opening(Block block) {
            return blocks.get(block)[0];
        }

        private int closing(Block block) {
            return blocks.get(block)[1];
        }

        /** The block that a token opens; a token that opens none counts as the voice's. */
        private Block opened(int token) {
            return token == opening(Block.WEIGHING)
                    ? Block.WEIGHING
                    : token == opening(Block.VISUAL) ? Block.VISUAL : Block.AUDIO;
        }
    }

    private final Tokens tokens;
    private final Modality first;
    private final int limit;
    /** Lead sentences that begin with the tokens picked so far; empty: the block is not constrained by them. */
    private List<int[]> leads;
    /** Cues, as bits, that may not be claimed. */
    private final long barred;
    /** Position of the current sentence in the trie of cue sentences; null: it is none of them. */
    private CueSentences.Node sentence;

    /** The blocks so far, the last one open or closed. */
    private final List<Block> blocks = new ArrayList<>();

    private boolean open;
    private int length;
    private int last = -1;
    private int answered;
    private boolean cut;

    /**
     * Starts a sequence.
     *
     * @param first the modality that must come first; null: the model chooses
     * @param limit most tokens within one block, at least 2
     */
    public GrammarConstraint(Tokens tokens, Modality first, int limit) {
        this(tokens, first, limit, null, 0);
    }

    /**
     * Starts a sequence with a constraint on the start of the weighing block and on cues.
     *
     * @param lead the leading modality that its first sentence must name, in one of the model's lead sentences and
     *     regardless of the limit; null, or if the model has no such sentence: not constrained
     * @param barred cues that may not be claimed, see {@link Tokens#barred}
     */
    public GrammarConstraint(Tokens tokens, Modality first, int limit, Dominance lead, long barred) {
        this.tokens = tokens;
        this.first = first;
        this.limit = limit;
        this.barred = barred;
        leads = lead == null ? List.of() : tokens.leads.of(lead);
    }

    /** Whether a block had to be closed at its limit. */
    public boolean cut() {
        return cut;
    }

    @Override
    public int[] allowed() {
        if (open) {
            return insideBlock();
        }
        return switch (blocks.size()) {
            case 0 ->
                first == null
                        ? new int[] {tokens.opening(Block.VISUAL), tokens.opening(Block.AUDIO)}
                        : new int[] {tokens.opening(Block.of(first))};
            case 1 -> new int[] {tokens.opening(blocks.get(0) == Block.VISUAL ? Block.AUDIO : Block.VISUAL)};
            case 2 -> new int[] {tokens.opening(Block.WEIGHING)};
            default ->
                switch (answered) {
                    case 0 -> new int[] {tokens.answerOpen};
                    case 1 -> tokens.labels;
                    case 2 -> new int[] {tokens.answerClose};
                    default -> new int[] {tokens.end};
                };
        };
    }

    private int[] insideBlock() {
        if (leading()) {
            return leads.stream().mapToInt(lead -> lead[length]).distinct().toArray();
        }
        int close = tokens.closing(blocks.get(blocks.size() - 1));
        boolean sentenceEnd = last == tokens.stops[0];
        if (length >= limit - 1 && sentenceEnd) {
            return new int[] {close};
        }
        if (length >= limit - 1) {
            cut = true;
            return tokens.stops;
        }
        int[] text = text(sentenceEnd || length == 0);
        if (!sentenceEnd) {
            return text;
        }
        int[] textOrClose = java.util.Arrays.copyOf(text, text.length + 1);
        textOrClose[text.length] = close;
        return textOrClose;
    }

    /** The tokens a sentence may begin or continue with. */
    private int[] text(boolean begins) {
        if (sentence == null) {
            return tokens.text;
        }
        if (begins) {
            return CueSentences.without(tokens.text, sentence.closed(barred));
        }
        int[] open = sentence.open(barred);
        return open.length > 0 ? open : tokens.text;
    }

    /** Advances the position in the cue trie by a token of a modality block. */
    private void follow(int token) {
        if (barred != 0 && blocks.size() < 3) {
            sentence = token == tokens.stops[0] ? tokens.cues.root() : sentence == null ? null : sentence.after(token);
        }
    }

    private boolean leading() {
        return blocks.size() == 3 && !leads.isEmpty();
    }

    @Override
    public void accept(int token) {
        if (open) {
            if (leading()) {
                int at = length;
                leads = leads.stream()
                        .filter(lead -> lead[at] == token && lead.length > at + 1)
                        .toList();
            }
            if (token == tokens.closing(blocks.get(blocks.size() - 1))) {
                open = false;
            } else {
                length++;
                last = token;
                follow(token);
            }
        } else if (blocks.size() < 3) {
            blocks.add(tokens.opened(token));
            open = true;
            length = 0;
            last = -1;
            sentence = barred == 0 || blocks.size() == 3 ? null : tokens.cues.root();
        } else {
            answered++;
        }
    }
}
