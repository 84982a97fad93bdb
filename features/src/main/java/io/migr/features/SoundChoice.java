package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.Recording.Sound;
import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** Chooses the track of sound to read: the one that the file marks, else the one that has a voice. */
final class SoundChoice {
    private static final int SECONDS = 60;
    private static final int MEMORY_MB = 2048;

    private final FfmpegProgram program;

    SoundChoice(FfmpegProgram program) {
        this.program = program;
    }

    /** The track of a recording that is read; empty if it has no sound. */
    Optional<Sound> of(Recording recording) throws IOException, InterruptedException {
        List<Sound> sounds = DefaultTrack.among(recording.sounds(), Sound::marked);
        if (sounds.size() < 2) {
            return sounds.stream().findFirst();
        }
        Sound best = sounds.get(0);
        double most = Double.NEGATIVE_INFINITY;
        for (Sound sound : sounds) {
            double spread = new SoundTrack(samples(recording, sound), List.of()).spread();
            if (spread > most) {
                most = spread;
                best = sound;
            }
        }
        return Optional.of(best);
    }

    /** The first minute of a track. */
    private float[] samples(Recording recording, Sound sound) throws IOException, InterruptedException {
        Process process = FfmpegCommand.ffmpeg()
                .add("-v", "quiet")
                .onlyKnownCodecs()
                .standardInput(FfmpegCommand.LARGEST_PICTURE)
                .add("-map", "0:" + sound.index(), "-t", "" + SECONDS, "-ac", "1", "-ar", "" + Audio.SAMPLE_RATE)
                .add("-f", "f32le", "pipe:1")
                .limited(program, MEMORY_MB, 1, SECONDS)
                .redirectInput(recording.soundFile().orElse(recording.file()).toFile())
                .redirectError(Redirect.DISCARD)
                .start();
        byte[] bytes = process.getInputStream().readAllBytes();
        process.waitFor();
        float[] samples = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
        return samples;
    }
}
