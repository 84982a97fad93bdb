package io.migr.trainer.round;

import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.people.PeopleClip;
import io.migr.model.cues.ClipCues;
import io.migr.model.network.LogMel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.Prosody;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.StageTimings;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.VisualFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Training examples made of rendered clips, or of clips in cue space. */
final class Labelled {
    private static final Instant WHEN = Instant.ofEpochMilli(1_000_000);
    private static final Map<Long, RenderedClip> RENDERED = new HashMap<>();

    private Labelled() {}

    static TrainingExample example(String participant, long sequence, long seed, Emotion label) {
        ClipId clip = new ClipId("call", participant, sequence);
        RenderedClip rendered = RENDERED.computeIfAbsent(seed, key -> RenderedClip.of(key, new LogMel()));
        List<Frame> frames = new ArrayList<>();
        rendered.input().frames().forEach(jpeg -> frames.add(new Frame(0, ByteBuffer.wrap(jpeg))));
        float activity = rendered.input().voiceActive() ? 1 : 0;
        Prosody prosody = new Prosody(activity, null, null, 0f, null, 0f, null);
        InferenceRequest request = new InferenceRequest(
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
                        LogMel.BINS,
                        0,
                        ByteBuffer.allocate(0),
                        prosody,
                        null,
                        null,
                        null,
                        SoundCodec.encode(Clip.of(seed).samples())),
                null,
                null,
                null,
                null);
        return new TrainingExample(clip, request, prediction(clip), label, List.of(), List.of(), null);
    }

    /** An example with what was measured of a person, and no media. */
    static TrainingExample example(String call, String participant, long sequence, PeopleClip person, Emotion label) {
        ClipId clip = new ClipId(call, participant, sequence);
        ClipCues cues = person.cues();
        VisualFeatures visual = VisualFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(3000)
                .setCapturedAt(WHEN)
                .setPresent(cues.face() != null)
                .setFrames(List.of())
                .setFace(cues.face())
                .build();
        AudioFeatures audio = AudioFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(3000)
                .setCapturedAt(WHEN)
                .setPresent(cues.voice() != null)
                .setMelFrames(0)
                .setLogMel(ByteBuffer.allocate(0))
                .setVoice(cues.voice())
                .build();
        InferenceRequest request = InferenceRequest.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(3000)
                .setCapturedAt(WHEN)
                .setVisual(visual)
                .setAudio(audio)
                .setBaseline(cues.baseline())
                .build();
        return new TrainingExample(clip, request, prediction(clip), label, List.of(), List.of(), null);
    }

    private static EmotionPrediction prediction(ClipId clip) {
        return new EmotionPrediction(
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
    }

    /** One partition in memory. */
    static final class Log implements ExampleLog {
        private final List<TrainingExample> examples = new ArrayList<>();

        void add(TrainingExample example) {
            examples.add(example);
        }

        /** Adds a record that is not a readable example. */
        void addBroken() {
            examples.add(null);
        }

        @Override
        public List<ExampleRange> newest(int records) {
            return List.of(new ExampleRange("examples", 0, Math.max(0, examples.size() - records), examples.size()));
        }

        @Override
        public void read(List<ExampleRange> ranges, Reader reader) throws IOException {
            for (ExampleRange range : ranges) {
                for (int offset = (int) range.from(); offset < range.to(); offset++) {
                    Place place = new Place(range.partition(), offset);
                    if (examples.get(offset) == null) {
                        reader.unreadable(place, "It is a test.");
                    } else {
                        reader.example(place, offset, examples.get(offset));
                    }
                }
            }
        }
    }
}
