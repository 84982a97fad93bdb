package io.migr.features;

/**
 * Properties of the voice in a clip, measured without a model. NaN means not measurable, because no frame is voiced.
 *
 * @param voiceActivity share of frames with speech, 0..1
 * @param f0MedianHz median fundamental frequency of voiced frames, Hz
 * @param f0RangeSemitones 5th to 95th percentile, semitones
 * @param levelDb RMS of active frames, dB re full scale
 * @param speechRate syllable nuclei per second of speech
 * @param pauseShare share of the span from first to last speech that is silent, 0..1
 * @param jitterPercent mean absolute difference of successive periods over the mean period, percent
 */
public record Prosody(
        float voiceActivity,
        float f0MedianHz,
        float f0RangeSemitones,
        float levelDb,
        float speechRate,
        float pauseShare,
        float jitterPercent) {

    /** Below this voice activity a clip counts as one in which nobody speaks. */
    public static final float SPEECH_THRESHOLD = 0.02f;

    public boolean voiceActive() {
        return voiceActivity >= SPEECH_THRESHOLD;
    }
}
