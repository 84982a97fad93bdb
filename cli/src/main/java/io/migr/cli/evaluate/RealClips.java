package io.migr.cli.evaluate;

import io.migr.cli.evaluate.RealFolder.Entry;
import io.migr.cli.setup.Services;
import io.migr.features.CallMedia;
import io.migr.features.FeatureExtractor;
import io.migr.features.MediaRejectedException;
import io.migr.model.ClipAnalyser;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.streams.FeatureRecords;
import io.migr.streams.RequestBuilder;
import io.migr.worker.BatchRunner;
import io.migr.worker.BatchRunner.Outputs;
import io.migr.worker.BatchRunner.Read;
import io.migr.worker.RequestSource;
import io.migr.worker.WorkerVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends files through the code of a live clip, without a broker: each is the only clip of its own participant. */
final class RealClips implements AutoCloseable {
    private static final int BATCH = 8;
    private static final String REQUESTS = "requests";
    private static final String PREDICTIONS = "predictions";
    private static final String EXPLANATIONS = "explanations";
    private static final String DEAD_LETTERS = "dead-letters";

    /** A file with what was measured on it and what the model answered. */
    record Answered(
            Entry entry, InferenceRequest request, EmotionPrediction prediction, EmotionExplanation explanation) {}

    private record Prepared(Entry entry, InferenceRequest request) {}

    private final FeatureExtractor extractor;
    private final CallMedia media;
    private final ClipPerception perception;
    private final ClipAnalyser analyser;
    private final WorkerVerifier verifier;
    private final BatchRunner runner;
    private final AvroSerde<EmotionPrediction> predictions;
    private final AvroSerde<EmotionExplanation> explanations;
    private final long waitMs;
    private final List<String> problems = new ArrayList<>();
    private final List<Answered> answered = new ArrayList<>();

    RealClips(Configuration configuration) throws IOException {
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        predictions = AvroSerde.of(EmotionPrediction.class, registry);
        explanations = AvroSerde.of(EmotionExplanation.class, registry);
        extractor = Services.extractor(configuration);
        media = new CallMedia(Services.ffmpeg());
        perception = FeatureRecords.perception(configuration);
        waitMs = configuration.number(Key.STREAMS_PAIR_WAIT_MS);
        analyser = Services.loader(configuration).load(Optional.empty());
        verifier = WorkerVerifier.open(configuration);
        Outputs outputs = new Outputs(
                PREDICTIONS,
                EXPLANATIONS,
                DEAD_LETTERS,
                RequestSource.recorded(
                        AvroSerde.of(InferenceRequest.class, registry).deserializer()),
                predictions,
                explanations);
        runner = new BatchRunner(analyser, verifier, null, outputs);
    }

    /** The version of the model. */
    String version() {
        return analyser.version();
    }

    /** Files that could not be read, each with the reason. */
    List<String> problems() {
        return problems;
    }

    /** Measures and analyses the files; those that cannot be read are left out. */
    List<Answered> run(List<Entry> entries, IntConsumer progress) throws InterruptedException {
        for (int from = 0; from < entries.size(); from += BATCH) {
            int to = Math.min(entries.size(), from + BATCH);
            List<Prepared> batch = new ArrayList<>();
            for (int i = from; i < to; i++) {
                Entry entry = entries.get(i);
                try {
                    batch.add(new Prepared(entry, request(entry, i)));
                } catch (IOException | MediaRejectedException e) {
                    String reason = Files.isRegularFile(entry.file()) ? e.getMessage() : "there is no such file";
                    problems.add(entry.name() + ": " + reason);
                }
            }
            analyse(batch);
            progress.accept(to);
        }
        return answered;
    }

    private InferenceRequest request(Entry entry, int number)
            throws IOException, MediaRejectedException, InterruptedException {
        byte[] bytes = media(entry);
        ClipSegment segment = ClipSegment.newBuilder()
                .setClip(new ClipId("real", "person-" + number, 0L))
                .setStartMs(0L)
                .setDurationMs(0)
                .setCapturedAt(Instant.EPOCH)
                .setMediaType("")
                .setMedia(ByteBuffer.wrap(bytes))
                .setConsent(Consent.GRANTED)
                .build();
        return RequestBuilder.of(segment, extractor.extract(bytes), perception, analyser.needsMedia(), waitMs);
    }

    private byte[] media(Entry entry) throws IOException, MediaRejectedException, InterruptedException {
        String name = entry.name().toLowerCase(Locale.ROOT);
        if (name.endsWith(".wav")) {
            return media.ofSound(entry.file());
        }
        return entry.picture() ? media.ofPicture(entry.file(), entry.light()) : Files.readAllBytes(entry.file());
    }

    private void analyse(List<Prepared> batch) {
        List<Read> reads = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            InferenceRequest request = batch.get(i).request();
            String key = ClipKey.of(request.getClip());
            reads.add(new Read(new ConsumerRecord<>(REQUESTS, 0, i, key, new byte[0]), request, null));
        }
        Map<String, EmotionPrediction> byKey = new HashMap<>();
        Map<String, EmotionExplanation> texts = new HashMap<>();
        Map<String, String> refused = new HashMap<>();
        for (ProducerRecord<String, byte[]> result : runner.analyse(reads).records()) {
            if (result.topic().equals(PREDICTIONS)) {
                byKey.put(result.key(), predictions.deserializer().deserialize(PREDICTIONS, result.value()));
            } else if (result.topic().equals(EXPLANATIONS)) {
                texts.put(result.key(), explanations.deserializer().deserialize(EXPLANATIONS, result.value()));
            } else if (result.topic().equals(DEAD_LETTERS)) {
                var reason = result.headers().lastHeader(DeadLetters.MESSAGE);
                refused.put(
                        result.key(),
                        reason == null ? "it was refused" : new String(reason.value(), StandardCharsets.UTF_8));
            }
        }
        for (Prepared one : batch) {
            String key = ClipKey.of(one.request().getClip());
            if (byKey.containsKey(key)) {
                answered.add(new Answered(one.entry(), one.request(), byKey.get(key), texts.get(key)));
            } else {
                problems.add(one.entry().name() + ": " + refused.get(key));
            }
        }
    }

    @Override
    public void close() {
        perception.close();
        analyser.close();
        verifier.close();
    }
}
