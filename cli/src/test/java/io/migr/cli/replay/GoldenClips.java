package io.migr.cli.replay;

import io.migr.corpus.Capture;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.network.LogMel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The clips of {@link GoldenReplayTest}: every split, both captures, some without pictures or without sound. */
final class GoldenClips {
    private static final int MS = 3000;
    private static final int EACH = 4;

    private GoldenClips() {}

    /**
     * A clip of the corpus.
     *
     * @param pictures false: its request has no visual half
     * @param sound false: its request has no audio half
     */
    record GoldenClip(long seed, Capture capture, boolean pictures, boolean sound) {

        ClipId id() {
            String what = pictures && sound ? "both" : pictures ? "pictures" : "sound";
            return new ClipId("golden", capture.name().toLowerCase(Locale.ROOT) + "-" + what, seed);
        }

        /** The request that the release before sound made of it, but for the prosody: the model reads one bit of it. */
        InferenceRequest request() {
            RenderedClip rendered = RenderedClip.of(seed, capture, new LogMel());
            return InferenceRequest.newBuilder()
                    .setClip(id())
                    .setStartMs(0)
                    .setDurationMs(MS)
                    .setCapturedAt(Instant.EPOCH)
                    .setVisual(pictures ? visual(rendered) : null)
                    .setVisualMissing(pictures ? null : "there is no video track")
                    .setAudio(sound ? audio(rendered) : null)
                    .setAudioMissing(sound ? null : "there is no audio track")
                    .build();
        }

        private VisualFeatures visual(RenderedClip rendered) {
            return VisualFeatures.newBuilder()
                    .setClip(id())
                    .setStartMs(0)
                    .setDurationMs(MS)
                    .setCapturedAt(Instant.EPOCH)
                    .setPresent(true)
                    .setFrames(rendered.input().frames().stream()
                            .map(jpeg -> new Frame(0, ByteBuffer.wrap(jpeg)))
                            .toList())
                    .build();
        }

        private AudioFeatures audio(RenderedClip rendered) {
            float[][] logMel = rendered.input().logMel();
            float voiceActivity = rendered.input().voiceActive() ? 1 : 0;
            return AudioFeatures.newBuilder()
                    .setClip(id())
                    .setStartMs(0)
                    .setDurationMs(MS)
                    .setCapturedAt(Instant.EPOCH)
                    .setPresent(true)
                    .setMelBins(logMel.length)
                    .setMelFrames(logMel[0].length)
                    .setLogMel(LogMelCodec.encode(logMel))
                    .setProsody(new Prosody(voiceActivity, null, null, -20f, null, 0f, null))
                    .build();
        }
    }

    /** Four clips of each split in good light and sound, one of them halved, then four of a dark room by telephone. */
    static List<GoldenClip> all() {
        List<GoldenClip> clips = new ArrayList<>();
        for (Split split : Split.values()) {
            for (int i = 0; i < EACH - 1; i++) {
                clips.add(new GoldenClip(split.seed(i), Capture.CLEAN, true, true));
            }
            boolean seen = split.ordinal() % 2 == 0;
            clips.add(new GoldenClip(split.seed(EACH - 1), Capture.CLEAN, seen, !seen));
        }
        for (int i = 0; i < EACH; i++) {
            clips.add(new GoldenClip(Split.TEST.seed(i), Capture.DIM_TELEPHONE, true, true));
        }
        return clips;
    }
}
