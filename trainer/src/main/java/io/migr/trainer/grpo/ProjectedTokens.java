package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens computed with the projectors of the given network, so that these can be trained. The towers are frozen: their
 * features are cached and shared by all networks.
 */
public final class ProjectedTokens implements ClipTokens {

    /** Clips in the form the network reads. */
    public interface Media {
        /** Numbers about the face, see {@link Network.Config#faceInput}. */
        float[] seen(int clip) throws IOException;

        /** Numbers about the voice, see {@link Network.Config#voiceInput}. */
        float[] heard(int clip) throws IOException;
    }

    /** The towers' output for a clip. */
    private record Features(float[] seen, float[] heard) {}

    private final Media media;
    private final long[] instruction;
    private final Map<Integer, Features> cache;

    /**
     * Creates a source of tokens.
     *
     * @param instruction ids that the text gate reads
     * @param clips number of clips whose features are cached, at least those of one step
     */
    public ProjectedTokens(Media media, long[] instruction, int clips) {
        this.media = media;
        this.instruction = instruction.clone();
        cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Features> eldest) {
                return size() > clips;
            }
        };
    }

    @Override
    public Tokens of(NDManager scope, Network network, int[] clips) throws IOException {
        Map<Integer, Features> features = features(scope, network, clips);
        Network.Config config = network.config();
        NDArray seen = scope.create(join(clips, clip -> features.get(clip).seen()), config.faceFeatures(clips.length));
        NDArray heard =
                scope.create(join(clips, clip -> features.get(clip).heard()), config.voiceFeatures(clips.length));
        NDArray ids = scope.create(instruction, new Shape(1, instruction.length));
        NDArray branches = network.branchWeights(scope, ids, null).repeat(0, clips.length);
        branches.attach(scope);
        return new Tokens(network.videoTokens(scope, seen, branches), network.audioTokens(scope, heard));
    }

    private Map<Integer, Features> features(NDManager scope, Network network, int[] clips) throws IOException {
        Map<Integer, Features> wanted = new LinkedHashMap<>();
        List<Integer> unknown = new ArrayList<>();
        for (int clip : clips) {
            Features known = cache.get(clip);
            if (known == null && !wanted.containsKey(clip)) {
                unknown.add(clip);
            }
            wanted.put(clip, known);
        }
        if (!unknown.isEmpty()) {
            try (NDManager scratch = scope.newSubManager()) {
                run(scratch, network, unknown, wanted);
            }
        }
        cache.putAll(wanted);
        return wanted;
    }

    private void run(NDManager scope, Network network, List<Integer> clips, Map<Integer, Features> into)
            throws IOException {
        Network.Config config = network.config();
        int[] numbers = clips.stream().mapToInt(clip -> clip).toArray();
        NDArray faces = scope.create(join(numbers, media::seen), config.faceInput(numbers.length));
        NDArray voices = scope.create(join(numbers, media::heard), config.voiceInput(numbers.length));
        float[] seen = network.visionFeatures(scope, faces).toFloatArray();
        float[] heard = network.audioFeatures(scope, voices).toFloatArray();
        int seenEach = seen.length / numbers.length;
        int heardEach = heard.length / numbers.length;
        for (int c = 0; c < numbers.length; c++) {
            into.put(
                    numbers[c],
                    new Features(
                            java.util.Arrays.copyOfRange(seen, c * seenEach, (c + 1) * seenEach),
                            java.util.Arrays.copyOfRange(heard, c * heardEach, (c + 1) * heardEach)));
        }
    }

    /** Picks one array of values of a clip. */
    private interface Part {
        float[] of(int clip) throws IOException;
    }

    private static float[] join(int[] clips, Part part) throws IOException {
        float[] all = null;
        for (int c = 0; c < clips.length; c++) {
            float[] one = part.of(clips[c]);
            if (all == null) {
                all = new float[clips.length * one.length];
            }
            System.arraycopy(one, 0, all, c * one.length, one.length);
        }
        return all;
    }
}
