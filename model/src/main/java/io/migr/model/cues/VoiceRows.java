package io.migr.model.cues;

import io.migr.perception.voice.Arousal;
import io.migr.perception.voice.ArousalCue;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoicedEvent;
import java.util.Comparator;
import java.util.List;

/**
 * The voice of a clip as rows of {@value FaceRows#VALUES} numbers of about -1..1: one row a measure, one
 * each for speech, loud events and arousal. Measures of which only the difference to the same person's usual says
 * something have no value of their own: it depends on the person and the microphone.
 */
public final class VoiceRows {
    /** The measures in the order of their rows, which trained weights depend on. */
    static final List<ArousalCue> MARKS = List.of(
            ArousalCue.LEVEL,
            ArousalCue.F0_MEDIAN,
            ArousalCue.F0_PERCENTILE_95,
            ArousalCue.F0_RANGE,
            ArousalCue.FLUX,
            ArousalCue.HAMMARBERG,
            ArousalCue.ALPHA_RATIO,
            ArousalCue.CPP);

    public static final int ROWS = MARKS.size() + 3;

    private static final int SPEECH = MARKS.size();
    private static final int EVENTS = SPEECH + 1;
    private static final int AROUSAL = SPEECH + 2;

    private VoiceRows() {}

    static float[] of(ClipCues clip) {
        CueRow rows = new CueRow(ROWS);
        if (clip.hasVoice()) {
            VoiceBaseline usual = clip.usualVoice();
            for (int row = 0; row < MARKS.size(); row++) {
                mark(rows.at(row), MARKS.get(row), clip, usual);
            }
            speech(rows.at(SPEECH), clip.voice());
            events(rows.at(EVENTS), clip.voice());
            arousal(rows.at(AROUSAL), clip.arousal(), usual);
        }
        return rows.values();
    }

    private static void mark(CueRow row, ArousalCue mark, ClipCues clip, VoiceBaseline usual) {
        VoiceMeasure measure = mark.measure(clip.voice());
        if (measure == null) {
            return;
        }
        double difference = clip.difference(mark, usual);
        boolean known = !Double.isNaN(difference);
        row.put(1).put(measure.getReliability() == null ? 0.5 : measure.getReliability());
        row.put(known ? 1 : 0).put(known ? difference : 0);
    }

    private static void speech(CueRow row, VoiceCues voice) {
        row.put(1).put(voice.getVoiceActivity()).put(voice.getVoicedMs() / 3000.0);
        row.put(voice.getSpeech().size() / 8.0);
        row.put(voice.getPauseShare() == null ? 0 : voice.getPauseShare().getValue());
        row.put(voice.getMainsHum() == null ? 0 : 1);
    }

    private static void events(CueRow row, VoiceCues voice) {
        row.put(Math.min(4, voice.getEvents().size()) / 4.0);
        voice.getEvents().stream()
                .max(Comparator.comparing(VoicedEvent::getLevelOverFloor))
                .ifPresentOrElse(
                        loudest -> row.put(loudest.getLevelOverFloor() / 40)
                                .put(loudest.getF0Median() / 36)
                                .put(loudest.getSpeechShare()),
                        () -> row.put(0).put(0).put(0));
        row.put(voice.getPossibleLaughter() == null ? 0 : 1);
        row.put(Boolean.TRUE.equals(voice.getPossibleLaughter()) ? 1 : 0);
    }

    private static void arousal(CueRow row, Arousal arousal, VoiceBaseline usual) {
        boolean known = !Double.isNaN(arousal.raised());
        row.put(known ? 1 : 0).put(known ? 2 * arousal.raised() - 1 : 0);
        row.put(usual == null ? 0 : Math.min(1, usual.speechSeconds() / 30));
    }
}
