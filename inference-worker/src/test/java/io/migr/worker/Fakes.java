package io.migr.worker;

import io.migr.model.Analysis;
import io.migr.model.Block;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.ReasoningStep;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.ClipId;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InMemorySchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.worker.BatchRunner.Outputs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Creates requests, and fakes of the analyser and the verifier that fail on certain input. */
final class Fakes {
    static final String REQUESTS = "migr.inference-requests";
    private static final InMemorySchemaRegistry REGISTRY = new InMemorySchemaRegistry();

    static final Outputs OUTPUTS = new Outputs(
            "migr.predictions",
            "migr.explanations",
            "migr.dead-letters",
            RequestSource.recorded(
                    AvroSerde.of(InferenceRequest.class, REGISTRY).deserializer()),
            AvroSerde.of(EmotionPrediction.class, REGISTRY),
            AvroSerde.of(EmotionExplanation.class, REGISTRY));

    private Fakes() {}

    /** Sad with the voice dominant, explained as fear. */
    static Analysis analysis() {
        return analysis("");
    }

    private static Analysis analysis(String raw) {
        Explanation explanation = new Explanation(
                List.of(
                        new ReasoningStep(Block.AUDIO, "the voice is soft.", Emotion.SAD),
                        new ReasoningStep(Block.VISUAL, "the face is hidden.", null),
                        new ReasoningStep(Block.WEIGHING, "the whole reads as fear.", Emotion.FEAR)),
                Emotion.FEAR,
                Finish.STOP,
                raw);
        return new Analysis(
                Emotion.SAD,
                Map.of(Emotion.SAD, 0.75f, Emotion.FEAR, 0.25f),
                Map.of(Emotion.SAD, 0.5f, Emotion.FEAR, 0.5f),
                new ModalityImportance(-2, -2, -0.3f, -0.3f, 0.1f, Dominance.AUDIO, Estimator.EVIDENCE_HEADS, true),
                List.of(),
                explanation,
                "there are no pictures",
                "nobody speaks");
    }

    /** A request whose log-mel has {@code level} everywhere; the analyser fails on 9. */
    static ConsumerRecord<String, byte[]> record(long offset, String participant, long sequence, float level) {
        return record(offset, participant, sequence, level, null);
    }

    static ConsumerRecord<String, byte[]> record(
            long offset, String participant, long sequence, float level, ConsentTerms terms) {
        float[][] logMel = new float[128][2];
        for (float[] bin : logMel) {
            Arrays.fill(bin, level);
        }
        return record(offset, participant, sequence, logMel, terms);
    }

    /** As {@link #record}, from topics that carry cues alone. */
    static ConsumerRecord<String, byte[]> withoutMedia(long offset, String participant, long sequence) {
        return record(offset, participant, sequence, new float[0][], null);
    }

    private static ConsumerRecord<String, byte[]> record(
            long offset, String participant, long sequence, float[][] logMel, ConsentTerms terms) {
        return record(offset, participant, sequence, logMel, terms, "there is no video track");
    }

    /** A request of ann with a text about its missing pictures. */
    static ConsumerRecord<String, byte[]> saying(String missing, long offset) {
        float[][] logMel = new float[128][2];
        return record(offset, "ann", 0, logMel, null, missing);
    }

    private static ConsumerRecord<String, byte[]> record(
            long offset, String participant, long sequence, float[][] logMel, ConsentTerms terms, String missing) {
        ClipId clip = new ClipId("call", participant, sequence);
        AudioFeatures audio = AudioFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setPresent(true)
                .setMelFrames(logMel.length == 0 ? 0 : logMel[0].length)
                .setLogMel(LogMelCodec.encode(logMel))
                .setProsody(new Prosody(0.4f, 120f, 3f, -20f, 4f, 0.1f, 1f))
                .build();
        InferenceRequest request = InferenceRequest.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setAudio(audio)
                .setVisualMissing(missing)
                .setTerms(terms)
                .build();
        return new ConsumerRecord<>(REQUESTS, 0, offset, "call/" + participant, bytes(request));
    }

    /** A request as a record's value. */
    static byte[] bytes(InferenceRequest request) {
        return AvroSerde.of(InferenceRequest.class, REGISTRY).serializer().serialize(REQUESTS, request);
    }

    static ConsumerRecord<String, byte[]> damaged(long offset) {
        return new ConsumerRecord<>(REQUESTS, 0, offset, "call/ann", new byte[] {0, 0, 0, 0, 1, 2});
    }

    /** Returns the emotion in {@code says} for every text; throws on a text that contains "unreadable". */
    static final class Verifier implements ExplanationVerifier {
        final List<String> threads = new ArrayList<>();
        Emotion says = Emotion.FEAR;
        boolean closed;

        @Override
        public Emotion says(Explanation explanation) {
            if (closed) {
                throw new AssertionError("The verifier is closed already.");
            }
            threads.add(Thread.currentThread().getName());
            if (explanation.raw().contains("unreadable")) {
                throw new IllegalArgumentException("this text cannot be read");
            }
            return says;
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread().getName());
            closed = true;
        }
    }

    /**
     * Answers sad with the voice dominant. Throws if a clip's log-mel starts with 9, and writes a text that the
     * verifier cannot read if it starts with 8.
     *
     */
    static final class Analyser implements ClipAnalyser {
        final List<Integer> batches = new ArrayList<>();
        private final String version;
        private final boolean needsMedia;
        volatile boolean closed;
        volatile String closedBy;

        Analyser() {
            this("fake-1");
        }

        Analyser(String version) {
            this(version, true);
        }

        Analyser(String version, boolean needsMedia) {
            this.version = version;
            this.needsMedia = needsMedia;
        }

        @Override
        public boolean needsMedia() {
            return needsMedia;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public Batch analyse(List<ClipInput> clips) {
            if (closed) {
                throw new AssertionError(version + " is closed already.");
            }
            batches.add(clips.size());
            List<Analysis> analyses = new ArrayList<>();
            for (ClipInput clip : clips) {
                float level = clip.logMel() == null ? 0 : clip.logMel()[0][0];
                if (level == 9) {
                    throw new IllegalArgumentException("nine is poison");
                }
                analyses.add(analysis(level == 8 ? "unreadable" : ""));
            }
            return new Batch(analyses, 1, 2, 3, 4);
        }

        @Override
        public void close() {
            if (closed) {
                throw new AssertionError(version + " is closed a second time.");
            }
            closedBy = Thread.currentThread().getName();
            closed = true;
        }
    }
}
