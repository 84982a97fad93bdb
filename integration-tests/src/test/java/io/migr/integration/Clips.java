package io.migr.integration;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.Split;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.Emotion;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends clips and labels as an application would. */
final class Clips implements AutoCloseable {
    private final KafkaClients clients;
    private final KafkaProducer<String, byte[]> producer;

    Clips(KafkaClients clients) {
        this.clients = clients;
        producer = clients.producer(null);
    }

    /** The mp4 file of a corpus clip. */
    static byte[] mp4(int index) throws IOException, InterruptedException {
        Path file = Files.createTempFile("clip", ".mp4");
        try {
            ClipFile.write(Clip.of(Split.TEST.seed(index)), file, FfmpegProgram.find());
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    static ClipSegment segment(ClipId clip, byte[] media, Consent consent) {
        return ClipSegment.newBuilder()
                .setClip(clip)
                .setStartMs(clip.getSequence() * 3000)
                .setDurationMs(3000)
                .setCapturedAt(Instant.now())
                .setMediaType("video/mp4")
                .setMedia(ByteBuffer.wrap(media))
                .setConsent(consent)
                .build();
    }

    /** Sends a clip with consent and waits for the acknowledgement; returns the name of the clip. */
    String send(String participant, long sequence, byte[] media) throws InterruptedException {
        ClipId clip = new ClipId("call", participant, sequence);
        send(segment(clip, media, Consent.GRANTED));
        return ClipKey.name(clip);
    }

    void send(ClipSegment segment) throws InterruptedException {
        String topic = clients.name(Topic.CLIPS);
        byte[] value = clients.serde(ClipSegment.class).serializer().serialize(topic, segment);
        send(topic, ClipKey.of(segment.getClip()), value);
    }

    /** Sends an annotator's label of a clip. */
    void label(ClipId clip, String annotator, Emotion emotion) throws InterruptedException {
        String topic = clients.name(Topic.FEEDBACK);
        LabelFeedback label = new LabelFeedback(clip, emotion, annotator, Instant.now());
        send(
                topic,
                ClipKey.of(clip),
                clients.serde(LabelFeedback.class).serializer().serialize(topic, label));
    }

    /** Sends bytes unchanged and waits for the acknowledgement. */
    void send(String topic, String key, byte[] value) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The broker rejected the record.", e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
