package io.migr.streams;

import io.migr.perception.face.FaceBaseline;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.BaselineUnit;
import io.migr.schemas.BaselineVoice;
import io.migr.schemas.FaceCues;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.VoiceCues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Which numbers of a participant's clips are kept, and what is usual by them; for live processing and replay alike. */
public final class BaselineRing {
    private BaselineRing() {}

    /** What a clip adds to the baseline of its participant; empty if neither face nor voice can be used. */
    public static Optional<BaselineClip> numbers(InferenceRequest request) {
        VoiceCues voice = voice(request);
        FaceCues face = request.getVisual() == null ? null : request.getVisual().getFace();
        BaselineVoice spoken =
                voice == null ? null : VoiceBaseline.numbers(voice).orElse(null);
        List<BaselineUnit> shown = face == null ? List.of() : FaceBaseline.numbers(face);
        return spoken == null && shown.isEmpty()
                ? Optional.empty()
                : Optional.of(new BaselineClip(request.getCapturedAt(), false, spoken, shown));
    }

    private static VoiceCues voice(InferenceRequest request) {
        return request.getAudio() == null ? null : request.getAudio().getVoice();
    }

    /**
     * The baseline for a request.
     *
     * @param earlier numbers of the participant's earlier clips, in the order of their sequence numbers
     * @return null if none of them can tell
     */
    public static ParticipantBaseline before(
            Collection<BaselineClip> earlier, InferenceRequest request, boolean partial) {
        TreeMap<Integer, BaselineClip> ring = new TreeMap<>();
        earlier.forEach(clip -> ring.put(ring.size(), clip));
        ring.keySet().removeAll(surplus(ring));
        List<BaselineClip> clips =
                ring.values().stream().filter(clip -> !clip.getConsentEnded()).toList();
        VoiceCues present = voice(request);
        VoiceBaseline voice = VoiceBaseline.of(
                clips.stream()
                        .map(BaselineClip::getVoice)
                        .filter(Objects::nonNull)
                        .toList(),
                present == null ? null : present.getNoiseFloor());
        List<List<BaselineUnit>> faces = clips.stream()
                .map(BaselineClip::getFace)
                .filter(face -> !face.isEmpty())
                .toList();
        if (voice.clips() == 0 && faces.isEmpty()) {
            return null;
        }
        return ParticipantBaseline.newBuilder()
                .setVoice(voice.clips() == 0 ? null : voice.toRecord())
                .setFace(faces.isEmpty() ? null : FaceBaseline.of(faces).usual())
                .setPartial(partial)
                .setSince(clips.get(0).getCapturedAt())
                .build();
    }

    /**
     * The keys of the clips that are not needed any more: those before a clip without consent, and those neither among
     * the last {@value VoiceBaseline#CLIPS} with a voice nor among the last {@value FaceBaseline#CLIPS} with a face.
     *
     * @param clips of one participant, in the order of their sequence numbers
     */
    public static <K> List<K> surplus(NavigableMap<K, BaselineClip> clips) {
        List<K> surplus = new ArrayList<>();
        boolean ended = false;
        int voices = 0;
        int faces = 0;
        for (Map.Entry<K, BaselineClip> entry : clips.descendingMap().entrySet()) {
            BaselineClip clip = entry.getValue();
            boolean spoken = clip.getVoice() != null && ++voices <= VoiceBaseline.CLIPS;
            boolean shown = !clip.getFace().isEmpty() && ++faces <= FaceBaseline.CLIPS;
            if (ended || !spoken && !shown && !clip.getConsentEnded()) {
                surplus.add(entry.getKey());
            }
            ended |= clip.getConsentEnded();
        }
        return surplus;
    }
}
