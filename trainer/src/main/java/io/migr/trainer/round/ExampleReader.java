package io.migr.trainer.round;

import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.cues.RequestCues;
import io.migr.model.network.LogMel;
import io.migr.model.network.PictureFile;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipKey;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Converts training examples to labelled clips. */
final class ExampleReader {
    private ExampleReader() {}

    /** The label of an example; empty if it is not one of {@code known}, the labels of a model. */
    static Optional<Emotion> label(TrainingExample example, List<Emotion> known) {
        String name = example.getEmotion().name();
        return known.stream().filter(emotion -> emotion.name().equals(name)).findFirst();
    }

    /**
     * The clip of an example. Checks that it can be decoded, because one broken clip must not end a round.
     *
     * @param needsMedia whether the model reads pictures and sound; else it reads what was measured in them
     * @throws IllegalArgumentException if training cannot use the clip; the message has the reason
     */
    static LabelledClip clip(TrainingExample example, Emotion label, boolean needsMedia) {
        InferenceRequest request = example.getRequest();
        String name = ClipKey.name(example.getClip());
        boolean seen = request.getVisual() != null && request.getVisual().getPresent();
        boolean heard = request.getAudio() != null && request.getAudio().getPresent();
        if (!seen && !heard) {
            throw new IllegalArgumentException("Clip " + name + " has neither pictures nor sound.");
        }
        if (!needsMedia) {
            return new LabelledClip(name, label, ClipInput.of(RequestCues.reading(request)));
        }
        List<byte[]> frames = new ArrayList<>();
        if (seen) {
            request.getVisual().getFrames().forEach(frame -> frames.add(picture(frame.getJpeg(), name)));
        }
        boolean sounds = heard && CarriedMedia.hasSound(request.getAudio());
        boolean speaks = sounds
                && request.getAudio().getProsody() != null
                && request.getAudio().getProsody().getVoiceActivity() >= ClipInput.VOICE_ACTIVITY;
        float[][] logMel = sounds ? logMel(request.getAudio(), name) : null;
        return new LabelledClip(name, label, new ClipInput(frames, logMel, speaks));
    }

    private static byte[] picture(ByteBuffer buffer, String name) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        try {
            PictureFile.read(bytes);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A picture of clip %s (%d bytes) cannot be decoded: %s.",
                            name,
                            bytes.length,
                            e.getMessage()),
                    e);
        }
        return bytes;
    }

    private static float[][] logMel(AudioFeatures audio, String name) {
        float[][] logMel = CarriedMedia.logMel(audio, name, samples -> new LogMel().of(samples));
        if (logMel.length != LogMel.BINS) {
            throw new IllegalArgumentException("The log-mel of clip " + name + " has " + logMel.length
                    + " bins; training reads " + LogMel.BINS + ".");
        }
        return logMel;
    }
}
