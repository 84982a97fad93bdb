package io.migr.worker;

import io.migr.model.ClipInput;
import io.migr.model.engine.Half;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipKey;
import io.migr.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Converts requests to the model's input. */
final class RequestReader {
    private RequestReader() {}

    /**
     * The model's input for a request.
     *
     * @throws IllegalArgumentException if the request cannot be analysed; the message says why
     */
    static ClipInput input(InferenceRequest request) {
        String name = ClipKey.name(request.getClip());
        boolean seen = request.getVisual() != null && request.getVisual().getPresent();
        boolean heard = request.getAudio() != null && request.getAudio().getPresent();
        if (!seen && !heard) {
            throw new IllegalArgumentException("Clip " + name + " has neither pictures nor sound: "
                    + request.getVisualMissing() + "; " + request.getAudioMissing() + ".");
        }
        List<byte[]> frames = seen
                ? request.getVisual().getFrames().stream()
                        .map(frame -> bytes(frame.getJpeg()))
                        .toList()
                : List.of();
        boolean speaks = heard
                && request.getAudio().getProsody() != null
                && request.getAudio().getProsody().getVoiceActivity() >= ClipInput.VOICE_ACTIVITY;
        return new ClipInput(frames, heard ? logMel(request.getAudio(), name) : null, speaks);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static float[][] logMel(AudioFeatures audio, String name) {
        int bins = audio.getMelBins();
        int frames = audio.getMelFrames();
        ByteBuffer halves = audio.getLogMel().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bins <= 0 || frames <= 0 || halves.remaining() != (long) bins * frames * Short.BYTES) {
            throw new IllegalArgumentException("The log-mel of clip " + name + " has " + halves.remaining()
                    + " bytes, but " + bins + " bins of " + frames + " 16-bit floats need "
                    + (long) bins * frames * Short.BYTES + ".");
        }
        float[][] energies = new float[bins][frames];
        for (float[] bin : energies) {
            for (int t = 0; t < frames; t++) {
                bin[t] = Half.toFloat(halves.getShort());
                if (!Float.isFinite(bin[t])) {
                    throw new IllegalArgumentException(
                            "The log-mel of clip " + name + " has a value that is not finite.");
                }
            }
        }
        return energies;
    }
}
