package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.perception.ClipPerception;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.VisualFeatures;

/** Makes a request from two halves, for live processing and replay alike. */
public final class RequestBuilder {
    /** Characters of a reason that are copied out of a half. */
    private static final int LONGEST_REASON = 1_000;

    private RequestBuilder() {}

    /** A request with one half or both, which have the same terms; the other may be null. */
    public static InferenceRequest of(ClipId clip, VisualFeatures visual, AudioFeatures audio) {
        return InferenceRequest.newBuilder()
                .setClip(clip)
                .setStartMs(visual != null ? visual.getStartMs() : audio.getStartMs())
                .setDurationMs(visual != null ? visual.getDurationMs() : audio.getDurationMs())
                .setCapturedAt(visual != null ? visual.getCapturedAt() : audio.getCapturedAt())
                .setVisual(visual)
                .setAudio(audio)
                .setTerms(visual != null ? visual.getTerms() : audio.getTerms())
                .build();
    }

    /**
     * The request for a clip whose two halves come from one reader, measured and with the reasons for what is missing.
     *
     * @param carriesMedia whether the halves hold pictures and sound
     * @param waitMs how long one half would wait for the other, for the reason
     */
    public static InferenceRequest of(
            ClipSegment segment, ClipFeatures features, ClipPerception perception, boolean carriesMedia, long waitMs) {
        InferenceRequest request = of(
                segment.getClip(),
                FeatureRecords.visual(segment, features, perception, carriesMedia),
                FeatureRecords.audio(segment, features, perception, carriesMedia));
        explainAbsence(request, waitMs);
        return request;
    }

    /** Sets the reason for each half that is missing or empty. */
    public static void explainAbsence(InferenceRequest request, long waitMs) {
        if (request.getVisual() == null) {
            request.setVisualMissing(missing("visual", request.getAudio().getClipOffset(), waitMs));
        } else if (!request.getVisual().getPresent()) {
            request.setVisualMissing(cut(request.getVisual().getAbsentReason()));
        }
        if (request.getAudio() == null) {
            request.setAudioMissing(missing("audio", request.getVisual().getClipOffset(), waitMs));
        } else if (!request.getAudio().getPresent()) {
            request.setAudioMissing(cut(request.getAudio().getAbsentReason()));
        }
    }

    /** The beginning of a reason, which any program may have written. */
    private static String cut(String reason) {
        return reason == null || reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON) + "...";
    }

    /** @param clipOffset of the other half; not null: both were written */
    private static String missing(String kind, Long clipOffset, long waitMs) {
        return clipOffset == null
                ? "no " + kind + " half came within " + waitMs + " ms"
                : "the " + kind + " half was written and could not be used";
    }
}
