package io.migr.streams;

import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EmotionTimeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** What a timeline window is computed from: sums over its clips, as one array of numbers. */
final class TimelineSums {
    private static final int EMOTIONS = Emotion.values().length;
    /** The dominances before NEITHER, which was added when windows were stored already. */
    private static final int DOMINANCES = Dominance.NEITHER.ordinal();

    private static final int ABSTAINED = 2 + DOMINANCES + EMOTIONS;
    private static final int NEITHER = ABSTAINED + 1;
    private static final int UNTIMED = NEITHER + 1;

    /**
     * Number of sums per window: clips, visual shares, counts per dominance, probabilities per emotion, abstained clips,
     * the count of NEITHER, and that of clips without a usable capture time. New sums come last, because a store can hold
     * windows of before.
     */
    private static final int SUMS = UNTIMED + 1;

    private TimelineSums() {}

    /**
     * The sums with one more clip.
     *
     * @param before null: it is the window's first clip
     * @param timed whether the clip is in this window by its capture time
     */
    static double[] with(double[] before, EmotionPrediction prediction, boolean timed) {
        double[] sums = before == null ? new double[SUMS] : Arrays.copyOf(before, SUMS);
        if (!timed) {
            sums[UNTIMED]++;
        }
        if (prediction.getAbstained()) {
            sums[ABSTAINED]++;
            return sums;
        }
        sums[0]++;
        sums[1] += prediction.getImportance().getVisualShare();
        sums[count(prediction.getImportance().getDominant())]++;
        for (EmotionProbability one : prediction.getProbabilities()) {
            sums[2 + DOMINANCES + one.getEmotion().ordinal()] += one.getProbability();
        }
        return sums;
    }

    /** Where a window's clips with this dominance are counted. */
    private static int count(Dominance dominance) {
        return dominance == Dominance.NEITHER ? NEITHER : 2 + dominance.ordinal();
    }

    static EmotionTimeline window(String callId, String participantId, Instant start, Duration length, double[] sums) {
        List<EmotionProbability> shares = new ArrayList<>();
        for (Emotion emotion : Emotion.values()) {
            double sum = sums[2 + DOMINANCES + emotion.ordinal()];
            if (sum > 0) {
                shares.add(new EmotionProbability(emotion, (float) (sum / sums[0])));
            }
        }
        double clips = Math.max(1, sums[0]);
        Dominance dominant = Dominance.UNKNOWN;
        for (Dominance one : Dominance.values()) {
            dominant = sums[count(one)] > sums[count(dominant)] ? one : dominant;
        }
        return new EmotionTimeline(
                callId,
                participantId,
                start,
                start.plus(length),
                (int) sums[0],
                shares,
                dominant,
                (float) (sums[1] / clips),
                (int) sums[ABSTAINED],
                (int) sums[UNTIMED]);
    }

    static Serde<double[]> serde() {
        Serializer<double[]> writer = (topic, sums) -> {
            if (sums == null) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate(sums.length * Double.BYTES);
            bytes.asDoubleBuffer().put(sums);
            return bytes.array();
        };
        Deserializer<double[]> reader = (topic, bytes) -> {
            if (bytes == null) {
                return null;
            }
            double[] sums = new double[SUMS];
            // sums stored by earlier versions lack the last ones
            ByteBuffer.wrap(bytes).asDoubleBuffer().get(sums, 0, Math.min(SUMS, bytes.length / Double.BYTES));
            return sums;
        };
        return Serdes.serdeFrom(writer, reader);
    }
}
