package io.migr.worker;

import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipAnalyser.Batch;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.RecordSize;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyses a batch and commits it in one transaction: predictions, explanations, dead letters and offsets appear
 * together or not at all. A record that fails becomes a dead letter; the rest of its batch is analysed without it. All
 * predictions and explanations of a batch come from the same model. Used only by the inference thread.
 */
public final class BatchRunner {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);

    /** The topics that results are written to, and how records are read and written. */
    public record Outputs(
            String predictions,
            String explanations,
            String deadLetters,
            RequestSource requests,
            Serde<EmotionPrediction> predictionSerde,
            Serde<EmotionExplanation> explanationSerde) {}

    /** A record with its request, or with the reason why it has none. */
    public record Read(ConsumerRecord<String, byte[]> record, InferenceRequest request, RuntimeException why) {}

    /**
     * A request that is answered; {@code input}: null if the model is not asked; {@code abstained}: why the emotion
     * cannot be told, null if it can be asked for.
     */
    private record Accepted(
            ConsumerRecord<String, byte[]> record, InferenceRequest request, ClipInput input, String abstained) {}

    private final ClipAnalyser analyser;
    private final ExplanationVerifier verifier;
    private final Producer<String, byte[]> producer;
    private final Outputs outputs;

    public BatchRunner(
            ClipAnalyser analyser, ExplanationVerifier verifier, Producer<String, byte[]> producer, Outputs outputs) {
        this.analyser = analyser;
        this.verifier = verifier;
        this.producer = producer;
        this.outputs = outputs;
    }

    /** The counts and timings of a batch; the timings are null if the analysis of every clip failed. */
    public record Outcome(int predictions, int deadLetters, Batch timings) {}

    /** The records to write for a batch, with dead letters last. */
    public record Written(List<ProducerRecord<String, byte[]>> records, Outcome outcome) {}

    /**
     * Analyses a batch and commits its results.
     *
     * @param group identifies the consumer's generation, so that a batch from lost partitions cannot be committed
     * @throws org.apache.kafka.common.KafkaException if nothing was committed
     */
    public Outcome run(List<ConsumerRecord<String, byte[]>> records, ConsumerGroupMetadata group) {
        Written written = analyse(read(records));
        commit(producer, written.records(), offsets(records), group);
        return written.outcome();
    }

    /** Reads the requests of records. Several runners may analyse the result, e.g. one for each model version. */
    public List<Read> read(List<ConsumerRecord<String, byte[]>> records) {
        List<Read> read = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                read.add(new Read(record, outputs.requests().request(record), null));
            } catch (SerializationException | IllegalArgumentException e) {
                read.add(new Read(record, null, e));
            }
        }
        return read;
    }

    /** Analyses a batch without writing anything. */
    public Written analyse(List<Read> read) {
        long start = System.currentTimeMillis();
        List<ProducerRecord<String, byte[]>> letters = new ArrayList<>();
        List<Accepted> accepted = accept(read, letters);
        List<Accepted> asked =
                accepted.stream().filter(one -> one.input() != null).toList();
        Batch timings = null;
        List<Analysis> analyses;
        try {
            timings = analyser.analyse(asked.stream().map(Accepted::input).toList());
            analyses = timings.analyses();
        } catch (RuntimeException e) {
            LOG.warn("A batch of {} failed; its clips are analysed one by one: {}", asked.size(), e.toString());
            analyses = new ArrayList<>();
            List<Accepted> analysed = new ArrayList<>();
            for (Accepted one : asked) {
                try {
                    timings = analyser.analyse(List.of(one.input()));
                    analyses.add(timings.analyses().get(0));
                    analysed.add(one);
                } catch (RuntimeException failure) {
                    letters.add(letter(one.record(), failure));
                }
            }
            asked = analysed;
        }
        List<ProducerRecord<String, byte[]>> results = new ArrayList<>();
        int predictions = 0;
        int next = 0; // of those that were asked
        for (Accepted one : accepted) {
            Analysis analysis = null;
            if (one.input() != null) {
                if (next == asked.size() || asked.get(next) != one) {
                    continue; // its analysis failed
                }
                analysis = analyses.get(next++);
            }
            try {
                results.addAll(results(
                        one, analysis, timings, Math.max(0, start - one.record().timestamp())));
                predictions++;
            } catch (KafkaException e) {
                throw e; // the registry's or the broker's, so not the record's
            } catch (RuntimeException e) {
                letters.add(letter(one.record(), e));
            }
        }
        results.addAll(letters);
        return new Written(results, new Outcome(predictions, letters.size(), timings));
    }

    /**
     * The prediction and the explanation of a clip.
     *
     * @param analysis null: the model is not asked
     * @throws RuntimeException if the request has something that no result can be made of
     */
    private List<ProducerRecord<String, byte[]>> results(
            Accepted one, Analysis analysis, Batch timings, float queuedMs) {
        if (analysis == null) {
            EmotionPrediction value =
                    ResultRecords.notAsked(one.request(), one.abstained(), queuedMs, analyser.version());
            return List.of(prediction(one, value), explanation(one, null, true));
        }
        Emotion concluded = verifier.says(analysis.explanation());
        String abstained = one.abstained() == null ? Abstention.reason(one.input(), analysis) : one.abstained();
        String weak = abstained == null ? Abstention.weakness(one.input(), analysis) : null;
        EmotionPrediction value =
                ResultRecords.prediction(one.request(), analysis, concluded, timings, queuedMs, analyser.version());
        if (abstained != null) {
            ResultRecords.abstain(value, analysis, abstained);
        } else if (weak != null) {
            ResultRecords.giveNoEmotion(value, weak);
        }
        return List.of(prediction(one, value), explanation(one, analysis, value.getAbstained()));
    }

    private List<Accepted> accept(List<Read> read, List<ProducerRecord<String, byte[]>> letters) {
        List<Accepted> accepted = new ArrayList<>();
        for (Read one : read) {
            if (one.request() == null) {
                letters.add(letter(one.record(), one.why()));
                continue;
            }
            try {
                accepted.add(new Accepted(
                        one.record(),
                        one.request(),
                        RequestReader.input(one.request(), analyser.needsMedia()),
                        Abstention.reason(one.request(), analyser)));
            } catch (RuntimeException e) {
                letters.add(letter(one.record(), e)); // the model may find any kind of fault with what was measured
            }
        }
        return accepted;
    }

    private ProducerRecord<String, byte[]> letter(ConsumerRecord<String, byte[]> record, Exception why) {
        byte[] kept = outputs.requests().kept(record);
        Headers headers = kept == record.value() ? record.headers() : DeadLetters.withoutSenders(record.headers());
        DeadLetters.Letter<String> letter =
                DeadLetters.of(record.key(), kept, headers, why, record.topic(), record.partition(), record.offset());
        return new ProducerRecord<>(outputs.deadLetters(), null, null, letter.key(), letter.value(), letter.headers());
    }

    private ProducerRecord<String, byte[]> prediction(Accepted one, EmotionPrediction value) {
        return result(
                outputs.predictions(),
                one,
                outputs.predictionSerde().serializer().serialize(outputs.predictions(), value));
    }

    /** @param analysis null: the model was not asked, and the clip is abstained */
    private ProducerRecord<String, byte[]> explanation(Accepted one, Analysis analysis, boolean abstained) {
        EmotionExplanation value = abstained
                ? ResultRecords.noExplanation(one.request(), analyser.version())
                : ResultRecords.explanation(one.request(), analysis, analyser.version());
        return result(
                outputs.explanations(),
                one,
                outputs.explanationSerde().serializer().serialize(outputs.explanations(), value));
    }

    private ProducerRecord<String, byte[]> result(String topic, Accepted one, byte[] value) {
        if (!RecordSize.fits(value)) {
            throw new IllegalArgumentException("The result of clip "
                    + ClipKey.name(one.request().getClip()) + " would have " + value.length + " bytes, and " + topic
                    + " takes " + RecordSize.LARGEST_VALUE + ". Send requests with shorter texts.");
        }
        ProducerRecord<String, byte[]> result =
                new ProducerRecord<>(topic, one.record().key(), value);
        result.headers().add("migr.model.version", analyser.version().getBytes(StandardCharsets.UTF_8));
        return result;
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(List<ConsumerRecord<String, byte[]>> records) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        return offsets;
    }

    /** Writes records and offsets together, or neither. */
    public static void commit(
            Producer<String, byte[]> producer,
            List<ProducerRecord<String, byte[]>> results,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        try {
            results.forEach(producer::send);
            producer.sendOffsetsToTransaction(offsets, group);
            producer.commitTransaction();
        } catch (org.apache.kafka.common.errors.ProducerFencedException
                | org.apache.kafka.common.errors.OutOfOrderSequenceException
                | org.apache.kafka.common.errors.AuthorizationException e) {
            throw e; // this producer cannot be used any more
        } catch (RuntimeException e) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException abortFailure) {
                e.addSuppressed(abortFailure); // the broker ends the transaction after its timeout
            }
            throw e;
        }
    }
}
