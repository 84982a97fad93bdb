package io.migr.perception.voice;
public final class VoicePerception {
    public static final int SAMPLE_RATE = 16_000;
}
