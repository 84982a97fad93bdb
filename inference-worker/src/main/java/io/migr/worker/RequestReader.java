package io.migr.worker;

import io.migr.model.ClipInput;
import io.migr.model.cues.RequestCues;
import io.migr.model.network.LogMel;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipKey;
import io.migr.schemas.FiniteNumbers;
import io.migr.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/** Converts requests to the model's input. */
final class RequestReader {
    private RequestReader() {}

    /**
     * The model's input for a request. A half that carries no media is like an absent one.
     *
     * @param needsMedia whether the model reads pictures and sound; else it reads what was measured in them
     * @return null if the model needs media and the request carries none: there is nothing to ask the model
     * @throws IllegalArgumentException if the request cannot be analysed; the message says why
     */
    static ClipInput input(InferenceRequest request, boolean needsMedia) {
        String name = ClipKey.name(request.getClip());
        checkNumbers(request, name);
        boolean seen = request.getVisual() != null && request.getVisual().getPresent();
        boolean heard = request.getAudio() != null && request.getAudio().getPresent();
        if (!seen && !heard) {
            throw new IllegalArgumentException("Clip " + name + " has neither pictures nor sound: "
                    + why(request.getVisualMissing()) + "; " + why(request.getAudioMissing()) + ".");
        }
        if (!needsMedia) {
            return ClipInput.of(RequestCues.reading(request));
        }
        if (CarriedMedia.isMissing(request)) {
            return null;
        }
        List<byte[]> frames = seen
                ? request.getVisual().getFrames().stream()
                        .map(frame -> bytes(frame.getJpeg()))
                        .toList()
                : List.of();
        boolean sounds = heard && CarriedMedia.hasSound(request.getAudio());
        boolean speaks = sounds
                && request.getAudio().getProsody() != null
                && request.getAudio().getProsody().getVoiceActivity() >= ClipInput.VOICE_ACTIVITY;
        float[][] logMel =
                sounds ? CarriedMedia.logMel(request.getAudio(), name, samples -> new LogMel().of(samples)) : null;
        return new ClipInput(frames, logMel, speaks);
    }

    /** What models of cues read. The level of silence in the prosody is minus infinity. */
    private static void checkNumbers(InferenceRequest request, String name) {
        Map<String, IndexedRecord> measured = new LinkedHashMap<>();
        measured.put(
                "face", request.getVisual() == null ? null : request.getVisual().getFace());
        measured.put(
                "voice", request.getAudio() == null ? null : request.getAudio().getVoice());
        measured.put("baseline", request.getBaseline());
        measured.forEach((part, record) -> {
            Optional<String> place = record == null ? Optional.empty() : FiniteNumbers.firstOther(record);
            if (place.isPresent()) {
                throw new IllegalArgumentException("The request of clip " + name + " has " + part + "." + place.get()
                        + ", which is not a number.");
            }
        });
    }

    private static String why(String missing) {
        return missing == null ? "it is not said why" : missing;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
