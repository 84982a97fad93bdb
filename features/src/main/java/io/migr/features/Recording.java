package io.migr.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.features.ffmpeg.FfmpegCommand;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.features.ffmpeg.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A recording as its header describes it.
 *
 * @param bytes size of the file
 * @param seconds length as the file states it; 0 if it states none, as live recordings do
 * @param picture the picture track that is read; empty if there is none
 * @param sounds all tracks of sound that can be read
 * @param soundFile the other file that the sound is in; empty if it is in the same file
 * @param refused why a track is not read, in words; null if every track is
 */
public record Recording(
        Path file,
        long bytes,
        double seconds,
        Optional<Picture> picture,
        List<Sound> sounds,
        Optional<Path> soundFile,
        String refused) {
    /** The longest recording that is cut, seconds. */
    public static final int LONGEST = 24 * 3600;

    static final String FORMATS = "migr feed --help lists the formats that can be read.";

    private static final int MEMORY_MB = 2048;
    private static final int PROBE_SECONDS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A track of pictures.
     *
     * @param index of the track in the file
     * @param width of an upright picture with square pixels
     * @param height of the same
     * @param highRange whether the light is coded for HDR screens
     */
    record Picture(int index, int width, int height, boolean highRange, boolean marked) {}

    /**
     * A track of sound.
     *
     * @param index of the track in the file
     * @param marked whether the file marks it as the default
     */
    record Sound(int index, boolean marked) {}

    /**
     * Asks ffprobe for the description of a file.
     *
     * @throws IOException if it is not a recording that can be read; the message says why and what to do
     */
    public static Recording of(Path file, FfmpegProgram program) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        if (Files.size(file) == 0) {
            throw new IOException(file + " is empty (0 bytes). Record or copy it again.");
        }
        Process process = FfmpegCommand.ffprobe()
                .add("-v", "error", "-of", "json", "-show_entries")
                .add(
                        "format=duration:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,color_transfer,"
                                + "sample_rate,channels:stream_disposition=default,attached_pic:stream_side_data=rotation")
                .standardInput(FfmpegCommand.LARGEST_PICTURE)
                .limited(program, MEMORY_MB, 64, PROBE_SECONDS)
                .redirectInput(file.toFile())
                .start();
        Lines errors = Lines.of(process.getErrorStream());
        byte[] printed = process.getInputStream().readAllBytes();
        if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(file + " took longer than " + PROBE_SECONDS + " s to describe. Convert it first.");
        }
        String said = errors.reason();
        JsonNode description = JSON.readTree(new String(printed, StandardCharsets.UTF_8));
        if (description.path("streams").isEmpty()) {
            throw new IOException(file + " is not a readable recording (" + Files.size(file) + " bytes): "
                    + container(file, said) + ". " + FORMATS);
        }
        return described(file, description, said);
    }

    private static String container(Path file, String said) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Refusal.container(in.readNBytes(Refusal.HEAD), said.contains("moov atom not found"), said);
        }
    }

    /** This recording's pictures with the sound of another one. */
    public Recording withSound(Recording other) {
        return new Recording(
                file,
                bytes,
                Math.max(seconds, other.seconds()),
                picture,
                other.sounds(),
                Optional.of(other.file()),
                refused);
    }

    /** Whether picture and sound come from two files. */
    boolean joined() {
        return soundFile.isPresent();
    }

    private static Recording described(Path file, JsonNode description, String said) throws IOException {
        double seconds = description.path("format").path("duration").asDouble(0);
        if (seconds > LONGEST) {
            throw new IOException(file + " says that it lasts " + Math.round(seconds) + " s, more than the limit of "
                    + LONGEST + " s. Cut it, or repair its header.");
        }
        List<Picture> pictures = new ArrayList<>();
        List<Sound> sounds = new ArrayList<>();
        String refused = null;
        for (JsonNode stream : description.path("streams")) {
            String reason = reason(stream);
            if (reason != null) {
                refused = "track " + stream.path("index").asInt() + ": " + reason + said;
            } else if (stream.path("codec_type").asText().equals("audio")) {
                sounds.add(new Sound(stream.path("index").asInt(), marked(stream)));
            } else if (stream.path("codec_type").asText().equals("video")
                    && stream.path("disposition").path("attached_pic").asInt() == 0) {
                pictures.add(picture(stream));
            }
        }
        if (pictures.isEmpty() && sounds.isEmpty()) {
            throw new IOException(file + " cannot be used: "
                    + (refused == null ? "it has neither pictures nor sound" : refused) + ". "
                    + FORMATS);
        }
        Optional<Picture> picture =
                DefaultTrack.among(pictures, Picture::marked).stream().findFirst();
        return new Recording(file, Files.size(file), seconds, picture, List.copyOf(sounds), Optional.empty(), refused);
    }

    private static boolean marked(JsonNode stream) {
        return stream.path("disposition").path("default").asInt() == 1;
    }

    /** Why a track cannot be read, in words; null if it can. */
    private static String reason(JsonNode stream) {
        String codec = stream.path("codec_name").asText("unknown");
        switch (stream.path("codec_type").asText()) {
            case "audio" -> {
                return Refusal.rate(stream.path("sample_rate").asInt());
            }
            case "video" -> {
                long pixels =
                        stream.path("width").asLong() * stream.path("height").asLong();
                if (pixels > FfmpegCommand.LARGEST_PICTURE) {
                    return "it has pictures of " + stream.path("width") + "x" + stream.path("height") + ", more than "
                            + FfmpegCommand.LARGEST_PICTURE + " pixels";
                }
                return pixels == 0 ? "it has no picture that can be read (" + codec + ")" : null;
            }
            default -> {
                return null; // subtitles and data are not read
            }
        }
    }

    private static Picture picture(JsonNode stream) {
        double width = stream.path("width").asDouble();
        double height = stream.path("height").asDouble();
        String[] aspect = stream.path("sample_aspect_ratio").asText("1:1").split(":");
        if (aspect.length == 2 && !aspect[0].equals("0") && !aspect[1].equals("0")) {
            width *= Double.parseDouble(aspect[0]) / Double.parseDouble(aspect[1]);
        }
        double rotation = 0;
        for (JsonNode side : stream.path("side_data_list")) {
            rotation += side.path("rotation").asDouble();
        }
        boolean turned = Math.round(rotation / 90) % 2 != 0;
        return new Picture(
                stream.path("index").asInt(),
                (int) Math.round(turned ? height : width),
                (int) Math.round(turned ? width : height),
                List.of("smpte2084", "arib-std-b67")
                        .contains(stream.path("color_transfer").asText()),
                marked(stream));
    }
}
