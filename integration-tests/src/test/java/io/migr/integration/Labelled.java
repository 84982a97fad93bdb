package io.migr.integration;

import io.migr.corpus.Capture;
import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.people.PeopleClip;
import io.migr.features.ClipFeatures;
import io.migr.model.ClipInput;
import io.migr.model.cues.ClipCues;
import io.migr.model.network.LogMel;
import io.migr.model.network.PictureFile;
import io.migr.perception.ClipPerception;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
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
import io.migr.streams.RequestBuilder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /**
     * The request that the streams service makes under {@code features.carry=cues} of the drawn clip of a seed: what is
     * measured of its pictures and its voice, without a usual.
     */
    static InferenceRequest measured(ClipId clip, long seed, Capture capture, ClipPerception perception) {
        List<ClipFeatures.Frame> frames = new ArrayList<>();
        try {
            for (byte[] jpeg :
                    RenderedClip.of(seed, capture, new LogMel()).input().frames()) {
                BufferedImage picture = PictureFile.read(jpeg);
                int time = (int) (1000 * Clip.SECONDS * frames.size() / RenderedClip.FRAMES);
                frames.add(new ClipFeatures.Frame(
                        time, picture.getWidth(), picture.getHeight(), PictureFile.rgb(picture)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ClipFeatures features = new ClipFeatures(
                (int) (1000 * Clip.SECONDS),
                new ClipFeatures.Visual(null, frames, 0),
                new ClipFeatures.Audio(null, Clip.of(seed, capture).samples()));
        return RequestBuilder.of(
                Clips.segment(clip, new byte[0], Consent.GRANTED), features, perception, false, Long.MAX_VALUE);
    }

    /** The request of a clip in cue space, as the streams service makes it under {@code features.carry=cues}. */
    static InferenceRequest request(ClipId clip, PeopleClip drawn) {
        ClipCues cues = drawn.cues();
        VisualFeatures visual = new VisualFeatures(
                clip, 0L, 3000, WHEN, cues.face() != null, null, List.of(), cues.face(), null, 0, null);
        AudioFeatures audio = new AudioFeatures(
                clip,
                0L,
                3000,
                WHEN,
                cues.voice() != null,
                null,
                0,
                0,
                ByteBuffer.allocate(0),
                null,
                cues.voice(),
                null,
                null,
                null);
        return new InferenceRequest(clip, 0L, 3000, WHEN, visual, audio, null, null, null, cues.baseline());
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
