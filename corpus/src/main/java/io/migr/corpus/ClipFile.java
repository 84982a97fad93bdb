package io.migr.corpus;

import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Writes clips as mp4 files with H.264 and AAC, as calls are recorded. A clip without a voice has background noise. */
public final class ClipFile {
    /** Pixels along each side of the picture. */
    public static final int SIZE = 224;

    private ClipFile() {}

    /** Writes a clip as an mp4 file. */
    public static void write(Clip clip, Path file, FfmpegProgram program) throws IOException, InterruptedException {
        Path sound = Files.createTempFile("migr", ".wav");
        Path log = Files.createTempFile("migr", ".log");
        try {
            writeWav(clip.samples(), sound);
            String rate = String.valueOf(Clip.FRAMES_PER_SECOND);
            Process process = FfmpegCommand.ffmpeg()
                    .add("-v", "error", "-y")
                    .add("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", SIZE + "x" + SIZE, "-r", rate, "-i", "pipe:0")
                    .add("-i", sound.toString())
                    .h264("900k")
                    .add("-g", rate)
                    .aac()
                    .add("-b:a", "96k", file.toString())
                    .unlimited(program)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
            try (OutputStream frames = new BufferedOutputStream(process.getOutputStream(), 1 << 20)) {
                int count = (int) (Clip.SECONDS * Clip.FRAMES_PER_SECOND);
                for (int i = 0; i < count; i++) {
                    frames.write(rgb(clip.picture(i / (double) Clip.FRAMES_PER_SECOND, SIZE)));
                }
            }
            if (process.waitFor() != 0) {
                throw new IOException("FFmpeg could not write " + file + ": " + Files.readString(log));
            }
        } finally {
            Files.delete(sound);
            Files.delete(log);
        }
    }

    private static byte[] rgb(BufferedImage picture) {
        int[] packed = picture.getRGB(0, 0, SIZE, SIZE, null, 0, SIZE);
        byte[] bytes = new byte[3 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            bytes[3 * i] = (byte) (packed[i] >> 16);
            bytes[3 * i + 1] = (byte) (packed[i] >> 8);
            bytes[3 * i + 2] = (byte) packed[i];
        }
        return bytes;
    }

    private static void writeWav(float[] samples, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            bytes.putShort((short) Math.round(Math.max(-1, Math.min(1, sample)) * 32767));
        }
        AudioFormat format = new AudioFormat(Clip.SAMPLE_RATE, 16, 1, true, false);
        AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, samples.length);
        AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
    }

    /** One line of a manifest: the truth of a clip as JSON. */
    public static String manifestLine(Clip clip, String file) {
        ClipTruth truth = clip.truth();
        StringBuilder units = new StringBuilder();
        for (int i = 0; truth.units() != null && i < DrawnFaceCues.UNITS.length; i++) {
            if (truth.units()[i]) {
                units.append(units.length() == 0 ? "" : ",")
                        .append("{\"action_unit\":")
                        .append(DrawnFaceCues.UNITS[i])
                        .append(",\"intensity\":")
                        .append(truth.intensities()[i])
                        .append('}');
            }
        }
        StringBuilder voice = new StringBuilder("null");
        if (truth.voice() != null) {
            voice = new StringBuilder("{\"event\":\"")
                    .append(word(truth.voice().event()))
                    .append('"');
            for (DrawnVoiceCues.Dimension dimension : DrawnVoiceCues.Dimension.values()) {
                voice.append(",\"")
                        .append(word(dimension))
                        .append("\":")
                        .append(Math.round(truth.voice().deviations()[dimension.ordinal()] * 1000) / 1000.0);
            }
            voice.append('}');
        }
        return "{\"file\":\"" + file + "\",\"capture\":\"" + word(clip.capture())
                + "\",\"seed\":" + truth.seed() + ",\"regime\":\""
                + truth.regime().label()
                + "\",\"emotion\":\"" + truth.label().word() + "\",\"genuine_emotion\":\""
                + truth.genuine().word()
                + "\",\"dominant\":\"" + word(truth.oracle())
                + "\",\"face\":" + (truth.units() == null ? "null" : "[" + units + "]") + ",\"voice\":" + voice + "}";
    }

    private static String word(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }
}
