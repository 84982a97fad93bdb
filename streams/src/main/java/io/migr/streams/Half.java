package io.migr.streams;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.VisualFeatures;
import java.time.Instant;

/** One half of a clip: exactly one of the two is not null. */
record Half(VisualFeatures visual, AudioFeatures audio) {
    String kind() {
        return visual != null ? "visual" : "audio";
    }

    ClipId clip() {
        return visual != null ? visual.getClip() : audio.getClip();
    }

    ConsentTerms terms() {
        return visual != null ? visual.getTerms() : audio.getTerms();
    }

    Instant capturedAt() {
        return visual != null ? visual.getCapturedAt() : audio.getCapturedAt();
    }

    /** Offset of the clip that it was split from; null if the split step did not write it. */
    Long clipOffset() {
        return visual != null ? visual.getClipOffset() : audio.getClipOffset();
    }

    /** Whether a request has this half already. */
    boolean isIn(InferenceRequest request) {
        return visual != null ? request.getVisual() != null : request.getAudio() != null;
    }

    void addTo(InferenceRequest request) {
        if (visual != null) {
            request.setVisual(visual);
        } else {
            request.setAudio(audio);
        }
    }

    /** The half that a request has; the visual one if it has both. */
    static Half of(InferenceRequest request) {
        return new Half(request.getVisual(), request.getVisual() != null ? null : request.getAudio());
    }

    /**
     * Whether the half that a request lacks can no longer come. The split step writes both halves of a clip in one
     * transaction, and clips in the order of their offsets; a participant's clips lie in one partition. So once this half,
     * of the missing kind and of a later clip of the same participant, was read, the missing one was refused or is not
     * kept any more.
     */
    boolean passed(InferenceRequest request) {
        Long waiting = Half.of(request).clipOffset();
        return !isIn(request) && waiting != null && clipOffset() != null && clipOffset() > waiting;
    }
}
