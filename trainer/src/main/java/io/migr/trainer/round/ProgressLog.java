package io.migr.trainer.round;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingStage;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the progress of rounds, as records of {@code training-progress} and as lines of text. */
public final class ProgressLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);
    private static final int BAR = 20;

    private final Producer<String, byte[]> producer;
    private final Serializer<TrainingProgress> values;
    private final String topic;
    private final Consumer<String> lines;

    ProgressLog(KafkaClients clients, Consumer<String> lines) {
        producer = clients.producer(null);
        values = clients.serde(TrainingProgress.class).serializer();
        topic = clients.name(Topic.TRAINING_PROGRESS);
        this.lines = lines;
    }

    /**
     * Reports progress.
     *
     * @param round the version that the round makes; empty if there is no round
     * @param request offset of the request that the round answers; null: none
     */
    void report(
            String round,
            Long request,
            TrainingStage stage,
            int done,
            int total,
            Map<String, Double> numbers,
            String text) {
        TrainingProgress progress =
                new TrainingProgress(round, Instant.now(), stage, done, total, numbers, text, request);
        lines.accept(line(progress));
        producer.send(new ProducerRecord<>(topic, round, values.serialize(topic, progress)), (place, e) -> {
            if (e != null) {
                LOG.warn("The progress of {} was not written: {}", round, e.toString());
            }
        });
    }

    /** A line of text, e.g. {@code tiny-1a2b3c4d  fine tuning  [#####---------------] 20 of 80  explanation 1.203}. */
    public static String line(TrainingProgress progress) {
        StringBuilder line = new StringBuilder(progress.getRound())
                .append(progress.getRound().isEmpty() ? "" : "  ")
                .append(progress.getStage().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        int total = progress.getTotal();
        if (total > 1) {
            int filled = (int) ((long) BAR * progress.getDone() / total);
            line.append("  [")
                    .append("#".repeat(filled))
                    .append("-".repeat(BAR - filled))
                    .append("] ");
            line.append(progress.getDone()).append(" of ").append(total);
            for (String name : new String[] {"explanation", "reward", "kl"}) {
                if (progress.getNumbers().containsKey(name)) {
                    line.append(String.format(
                            Locale.ROOT,
                            "  %s %.3f",
                            name,
                            progress.getNumbers().get(name)));
                }
            }
        }
        return progress.getText().isEmpty() ? line.toString() : line + "  " + progress.getText();
    }

    @Override
    public void close() {
        producer.close();
    }
}
