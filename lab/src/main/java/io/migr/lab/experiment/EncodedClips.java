package io.migr.lab.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.lab.experiment.PerceptionNoise.Spread;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.trainer.grpo.CachedTokens;
import io.migr.trainer.grpo.LibraryMedia;
import io.migr.trainer.grpo.ProjectedTokens;
import io.migr.trainer.sft.ExampleStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The clips of an experiment, encoded once by the base model's towers and projectors and stored as tokens, which all
 * arms share.
 */
final class EncodedClips implements AutoCloseable {
    private static final int SPREAD_CLIPS = 512;

    private final List<CachedTokens> caches = new ArrayList<>();
    private final Map<Split, ExperimentClips> clips = new EnumMap<>(Split.class);

    /**
     * Opens the material; renders and encodes clips that are not stored yet.
     *
     * @param folder folder of rendered clips and tokens
     * @param progress receives progress lines
     */
    EncodedClips(Plan plan, EmotionModel base, Path folder, Consumer<String> progress) throws IOException {
        int[][] numbers = {
            choose(plan.regimes(), Split.SFT, plan.clips().sft()),
            choose(plan.regimes(), Split.RL, plan.clips().rl()),
            choose(plan.regimes(), Split.VALIDATION, plan.clips().validation()),
            choose(plan.regimes(), Split.TEST, plan.clips().test())
        };
        Split[] splits = {Split.SFT, Split.RL, Split.VALIDATION, Split.TEST};
        for (int s = 0; s < splits.length; s++) {
            caches.add(encode(base, folder, splits[s], numbers[s][numbers[s].length - 1] + 1, progress));
        }
        int[] some = Arrays.copyOf(numbers[2], Math.min(SPREAD_CLIPS, numbers[2].length));
        Spread spread = PerceptionNoise.spread(caches.get(2), base.network(), some);
        for (int s = 0; s < splits.length; s++) {
            Split split = splits[s];
            ClipTruth[] truths = new ClipTruth[numbers[s].length];
            for (int i = 0; i < truths.length; i++) {
                truths[i] = ClipTruth.of(split.seed(numbers[s][i]));
            }
            clips.put(
                    split,
                    new ExperimentClips(
                            truths,
                            numbers[s],
                            new PerceptionNoise(caches.get(s), spread, plan.perception(), split::seed)));
        }
    }

    /** The plan's clips of a split; null if the plan does not use the split. */
    ExperimentClips of(Split split) {
        return clips.get(split);
    }

    /** Numbers of the first clips of a split, chosen so that regimes have the wanted shares. */
    static int[] choose(Map<String, Double> shares, Split split, int count) {
        double most = 0;
        for (Regime regime : Regime.values()) {
            most = Math.max(most, weight(shares, regime));
        }
        int[] numbers = new int[count];
        int found = 0;
        for (int i = 0; found < count; i++) {
            if (i >= split.size()) {
                throw new IllegalArgumentException("The " + split + " split has only " + found + " clips in the plan's"
                        + " shares of regimes, not " + count + ".");
            }
            long seed = split.seed(i);
            double draw = new SplittableRandom(new SplittableRandom(seed).nextLong() ^ 0x5eed).nextDouble();
            if (draw * most < weight(shares, ClipTruth.of(seed).regime())) {
                numbers[found++] = i;
            }
        }
        return numbers;
    }

    private static double weight(Map<String, Double> shares, Regime regime) {
        return shares.isEmpty() ? 1 : shares.getOrDefault(regime.label(), 0.0) / (100 * regime.share());
    }

    private static CachedTokens encode(
            EmotionModel base, Path folder, Split split, int count, Consumer<String> progress) throws IOException {
        String name = split.name().toLowerCase(Locale.ROOT);
        int size = base.config().network().vision().image();
        try (ExampleStore store = ExampleStore.open(
                folder.resolve("clips"),
                split,
                count,
                size,
                done -> progress.accept("render " + name + " " + done + " of " + count))) {
            long[] instruction = base.tokenizer().encode(base.config().instruction());
            ProjectedTokens towers =
                    new ProjectedTokens(new LibraryMedia(store, base.config().network()), instruction, 32);
            return CachedTokens.open(
                    folder.resolve("tokens"),
                    name + "-" + base.version().replaceAll("[^A-Za-z0-9.-]", "-"),
                    count,
                    towers,
                    base.network(),
                    done -> progress.accept("encode " + name + " " + done + " of " + count));
        }
    }

    @Override
    public void close() throws IOException {
        for (CachedTokens cache : caches) {
            cache.close();
        }
    }
}
