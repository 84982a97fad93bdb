package io.migr.integration;

import io.migr.corpus.RenderedClip;
import io.migr.model.ClipInput;
import io.migr.model.network.LogMel;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.Prosody;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes requests and training examples from rendered clips. */
final class Labelled {
    private static final Instant WHEN = Instant.ofEpochMilli(1_000_000);

    private Labelled() {}

    static TrainingExample example(String participant, long sequence, long seed, Emotion label) {
        return example(
                participant, sequence, RenderedClip.of(seed, new LogMel()).input(), label);
    }

    /** The request that the streams service of the release before sound made from a clip. */
    static InferenceRequest request(ClipId clip, ClipInput input) {
        List<Frame> frames = new ArrayList<>();
        input.frames().forEach(jpeg -> frames.add(new Frame(0, ByteBuffer.wrap(jpeg))));
        float[][] logMel = input.logMel();
        float activity = input.voiceActive() ? 1 : 0;
        Prosody prosody = new Prosody(activity, null, null, 0f, null, 0f, null);
        return new InferenceRequest(
                clip,
                0L,
                3000,
                WHEN,
                new VisualFeatures(clip, 0L, 3000, WHEN, true, null, frames, null, null, 0, null),
                new AudioFeatures(
                        clip,
                        0L,
                        3000,
                        WHEN,
                        true,
                        null,
                        logMel.length,
                        logMel[0].length,
                        LogMelCodec.encode(logMel),
                        prosody,
                        null,
                        null,
                        null,
                        null),
                null,
                null,
                null,
                null);
    }

    static TrainingExample example(String participant, long sequence, ClipInput input, Emotion label) {
        ClipId clip = new ClipId("call", participant, sequence);
        EmotionPrediction prediction = new EmotionPrediction(
                clip,
                0L,
                3000,
                WHEN,
                Emotion.NEUTRAL,
                List.of(),
                new ModalityImportance(0f, 0f, 0f, 0f, 0.5f, Dominance.BALANCED, "evidence-heads", true, null),
                List.of(),
                Emotion.NEUTRAL,
                true,
                null,
                "test",
                new StageTimings(0f, 0f, 0f, 0f, 0f, 1),
                List.of(),
                null,
                false,
                null,
                null,
                null);
        return new TrainingExample(clip, request(clip, input), prediction, label, List.of(), List.of(), null);
    }

    /** Sends an example as the streams service does. */
    static void send(Clips clips, KafkaClients clients, TrainingExample example) throws InterruptedException {
        String topic = clients.name(Topic.TRAINING_EXAMPLES);
        clips.send(
                topic,
                ClipKey.of(example.getClip()),
                clients.serde(TrainingExample.class).serializer().serialize(topic, example));
    }
}
