package io.migr.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.model.network.Decoder;
import io.migr.model.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Batched decoding of several texts per prompt. Each prompt is run once, and its texts share its keys and values.
 * Finished texts are removed from the batch; a prompt with many unfinished texts may then occur in it several times. A
 * text's tokens depend only on its own prompt, constraint and random numbers (up to rounding, which depends on the
 * batch's shape). Must run on a thread that records no gradients.
 */
public final class GroupGenerator {
    /** Finished texts are removed when the unfinished ones are less than this share of the batch. */
    static final double SHRINK_BELOW = 0.85;

    private final Decoder decoder;
    private final Kernels kernels;
    private final int endToken;

    public GroupGenerator(Network network, int endToken) {
        decoder = network.decoder();
        kernels = network.kernels();
        this.endToken = endToken;
    }

    /**
     * The arrangement of texts in the batch. It consists of places with the same number of lanes each; a place belongs
     * to one prompt, and a lane decodes one text. A prompt with many unfinished texts has several places.
     *
     * @param prompts per place the number of its prompt, in the order of the prompts passed in
     * @param rows per lane the number of its text, or -1 for a spare lane
     */
    private record Lanes(int[] prompts, int[] rows) {
        static Lanes full(int prompts, int group) {
            return new Lanes(
                    IntStream.range(0, prompts).toArray(),
                    IntStream.range(0, prompts * group).toArray());
        }

        /** Lanes for the unfinished texts alone, in the arrangement that costs least. */
        Lanes without(List<DecodingSequence> texts) {
            Map<Integer, List<Integer>> unfinished = new TreeMap<>();
            for (int lane = 0; lane < rows.length; lane++) {
                if (rows[lane] >= 0 && !texts.get(rows[lane]).done()) {
                    unfinished
                            .computeIfAbsent(promptOf(lane), prompt -> new ArrayList<>())
                            .add(rows[lane]);
                }
            }
            int best = 1;
            for (int width = 2; width <= rows.length / prompts.length; width++) {
                best = cost(unfinished, width) <= cost(unfinished, best) ? width : best;
            }
            List<Integer> places = new ArrayList<>();
            List<Integer> lanes = new ArrayList<>();
            for (Map.Entry<Integer, List<Integer>> prompt : unfinished.entrySet()) {
                lanes.addAll(prompt.getValue());
                while (lanes.size() % best != 0) {
                    lanes.add(-1);
                }
                while (places.size() < lanes.size() / best) {
                    places.add(prompt.getKey());
                }
            }
            return new Lanes(
                    places.stream().mapToInt(place -> place).toArray(),
                    lanes.stream().mapToInt(lane -> lane).toArray());
        }

        /** A place reads its prompt's keys and values once, which costs about as much as one lane. */
        private static int cost(Map<Integer, List<Integer>> unfinished, int width) {
            int places = unfinished.values().stream()
                    .mapToInt(rows -> (rows.size() + width - 1) / width)
                    .sum();
            return places * (width + 1);
        }

        int promptOf(int lane) {
            return prompts[lane / (rows.length / prompts.length)];
        }
    }

    /**
     * Continues every prompt {@code group} times.
     *
     * @param group number of texts per prompt
     * @param constraints one per text, those of one prompt next to each other
     * @param sequences one number per text that determines its random draws
     * @param limit most tokens to generate per text
     * @return the texts, those of one prompt next to each other
     */
    public List<Generated> generate(
            NDManager root,
            SharedPrompt prompts,
            int group,
            List<? extends TokenConstraint> constraints,
            long[] sequences,
            int limit,
            Sampling sampling) {
        List<DecodingSequence> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size() * group; i++) {
            texts.add(new DecodingSequence(constraints.get(i), sampling.random(sequences[i]), limit));
        }
        try (NDManager scope = root.newSubManager()) {
            Decoder.Stored stored = decoder.stored(scope);
            NDArray[] far = TensorOperations.stored(kernels, scope, prompts.cache());
            float[] logits = prompts.firstLogits(scope).toFloatArray();
            for (int i = 0; i < texts.size(); i++) {
                texts.get(i).pick(logits, i / group, logits.length / prompts.size(), sampling, endToken);
            }
            decode(scope, new Batch(scope, stored, prompts, far, group, limit), texts, limit, sampling);
        }
        return texts.stream().map(DecodingSequence::result).toList();
    }

    private void decode(NDManager scope, Batch batch, List<DecodingSequence> texts, int limit, Sampling sampling) {
        for (int t = 1; t < limit; t++) {
            long unfinished = texts.stream().filter(text -> !text.done()).count();
            if (unfinished == 0) {
                return;
            }
            if (unfinished < SHRINK_BELOW * batch.lanes.rows().length) {
                batch.shrink(scope, batch.lanes.without(texts));
            }
            float[] logits = batch.step(scope, texts, t);
            int[] rows = batch.lanes.rows();
            for (int lane = 0; lane < rows.length; lane++) {
                if (rows[lane] >= 0) {
                    texts.get(rows[lane]).pick(logits, lane, logits.length / rows.length, sampling, endToken);
                }
            }
        }
    }

    /** The lanes and their tensors. */
    private final class Batch {
        private final Decoder.Stored stored;
        private final long[] lengths;
        private Lanes lanes;
        private NDManager owner;
        private NDArray[] far;
        private NDArray[] mask;
        private NDArray[] near;

        Batch(NDManager scope, Decoder.Stored stored, SharedPrompt prompts, NDArray[] far, int group, int limit) {
            this.stored = stored;
            this.far = far;
            lengths = prompts.lengths();
            mask = prompts.mask();
            lanes = Lanes.full(prompts.size(), group);
            owner = scope.newSubManager();
            near = decoder.buffers(owner, far, lanes.rows().length, limit);
        }

        void shrink(NDManager scope, Lanes next) {
            if (next.rows().length >= lanes.rows().length) {
                return;
            }
            NDManager owned = scope.newSubManager();
            try (NDManager passing = owned.newSubManager()) {
                NDArray chosen = passing.create(indices(lanes.prompts(), next.prompts()));
                NDArray moved = passing.create(indices(lanes.rows(), next.rows()));
                far = TensorOperations.rows(kernels, owned, far, chosen);
                near = TensorOperations.rows(kernels, owned, near, moved);
                mask = mask.length == 0 ? mask : TensorOperations.rows(kernels, owned, mask, chosen);
            }
            lanes = next;
            owner.close();
            owner = owned;
        }

        /** The index of each of {@code wanted} in {@code all}; 0 for a spare lane, where the content is not used. */
        private static long[] indices(int[] all, int[] wanted) {
            long[] indices = new long[wanted.length];
            for (int i = 0; i < wanted.length; i++) {
                int at = 0;
                while (wanted[i] >= 0 && all[at] != wanted[i]) {
                    at++;
                }
                indices[i] = at;
            }
            return indices;
        }

        float[] step(NDManager scope, List<DecodingSequence> texts, int t) {
            int[] rows = lanes.rows();
            long[] ids = new long[rows.length];
            long[] starts = new long[rows.length];
            for (int lane = 0; lane < rows.length; lane++) {
                ids[lane] = rows[lane] < 0 ? 0 : texts.get(rows[lane]).last(0);
                starts[lane] = lengths[lanes.promptOf(lane)] + t - 1;
            }
            try (NDManager passing = scope.newSubManager()) {
                NDArray last = passing.create(ids, new Shape(rows.length, 1));
                NDArray[] rotary = decoder.rotary().from(passing, starts, 1);
                return decoder.extendStep(passing, stored, last, rotary, mask, far, near, t - 1)
                        .toFloatArray();
            }
        }
    }
}
