package io.migr.perception;

import io.migr.engine.ProcessorFeatures;
import io.migr.perception.face.FacePerception;
import io.migr.perception.face.RgbFrame;
import io.migr.perception.voice.VoicePerception;
import io.migr.schemas.FaceCues;
import io.migr.schemas.VoiceCues;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Measures faces and voices for any number of threads. A call borrows the nets from a pool, so there are as many sets
 * of nets, about 10 MB each, as there were calls at the same time. Each call computes on one thread.
 */
public final class ClipPerception implements AutoCloseable {
    private final boolean appearance;
    private final Optional<Path> laughter;
    private final Deque<FacePerception> faces = new ConcurrentLinkedDeque<>();
    private final Deque<VoicePerception> voices = new ConcurrentLinkedDeque<>();

    /**
     * Loads nothing yet: the first measures do.
     *
     * @param appearance whether the expression net may say what a face looks like, as in {@link FacePerception}
     * @param laughter folder of the weights for possible laughter, as in {@link VoicePerception}; empty: not looked for
     */
    public ClipPerception(boolean appearance, Optional<Path> laughter) {
        this.appearance = appearance;
        this.laughter = laughter;
    }

    /** As with both, without possible laughter. */
    public ClipPerception(boolean appearance) {
        this(appearance, Optional.empty());
    }

    /** What the face in a clip shows; the frames are as {@link FacePerception#measure} takes them. */
    public FaceCues face(List<RgbFrame> frames) {
        FacePerception free = faces.poll();
        FacePerception perception = free == null ? newFace() : free;
        try {
            return perception.measure(frames);
        } finally {
            faces.push(perception);
        }
    }

    /** What the voice in a clip sounds like; the samples are as {@link VoicePerception#measure} takes them. */
    public VoiceCues voice(float[] samples) {
        VoicePerception free = voices.poll();
        VoicePerception perception = free == null ? newVoice() : free;
        try {
            return perception.measure(samples);
        } finally {
            voices.push(perception);
        }
    }

    private FacePerception newFace() {
        ProcessorFeatures.computeWith(1);
        return new FacePerception(appearance);
    }

    private VoicePerception newVoice() {
        ProcessorFeatures.computeWith(1);
        return laughter.map(VoicePerception::new).orElseGet(VoicePerception::new);
    }

    /** Frees the nets that no call is using: a thread that still measures must not lose them. */
    @Override
    public void close() {
        for (FacePerception face = faces.poll(); face != null; face = faces.poll()) {
            face.close();
        }
        for (VoicePerception voice = voices.poll(); voice != null; voice = voices.poll()) {
            voice.close();
        }
    }
}
