package io.migr.features;

import io.migr.features.SegmentCutter.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from media whose pictures each show their number in blocks, and whose sound clicks, what it shows and when. */
final class PaintedMedia {
    /** Blocks side by side in a picture, the lowest bit first. */
    static final int BITS = 17;

    private static final Pattern TIME = Pattern.compile("Parsed_showinfo.* pts_time:([-\\d.]+)");

    private PaintedMedia() {}

    /** Numbers that the pictures of a file show, with their times in the recording, ms. */
    static Map<Integer, List<Long>> pictures(byte[] media, long startMs) throws IOException, InterruptedException {
        Map<Integer, List<Long>> found = new TreeMap<>();
        Run run = decode(media, "-map 0:v? -fps_mode passthrough -vf scale=192:64,showinfo,format=gray -f rawvideo");
        Matcher times = TIME.matcher(run.log());
        for (int at = 0; at + 192 * 64 <= run.output().length; at += 192 * 64) {
            if (!times.find()) {
                throw new IOException("A picture has no time in FFmpeg's log.");
            }
            int number = 0;
            for (int bit = 0; bit < BITS; bit++) {
                int grey = run.output()[at + 32 * 192 + bit * 192 / BITS + 5] & 0xff;
                number |= (grey > 128 ? 1 : 0) << bit;
            }
            long time = startMs + Math.round(1000 * Double.parseDouble(times.group(1)));
            found.computeIfAbsent(number, one -> new ArrayList<>()).add(time);
        }
        return found;
    }

    /** Where clicks begin in the recording, ms. */
    static List<Long> clicksIn(Segment segment) throws IOException, InterruptedException {
        Run run = decode(
                segment.media(), "-map 0:a? -af aresample=16000:async=1:first_pts=0 -ac 1 -f f32le -c:a pcm_f32le");
        ByteBuffer samples = ByteBuffer.wrap(run.output()).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> clicks = new ArrayList<>();
        int quiet = 1600;
        for (int i = 0; i < samples.limit() / 4; i++) {
            boolean loud = Math.abs(samples.getFloat(4 * i)) > 0.2;
            if (loud && quiet >= 1600) {
                clicks.add(segment.startMs() + i / 16);
            }
            quiet = loud ? 0 : quiet + 1;
        }
        return clicks;
    }

    record Run(byte[] output, String log) {}

    static Run decode(byte[] media, String words) throws IOException, InterruptedException {
        Path file = Files.createTempFile("segment", ".media");
        Path log = Files.createTempFile("segment", ".log");
        try {
            Files.write(file, media);
            List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-nostdin", "-i", file.toString()));
            arguments.addAll(List.of(words.split(" ")));
            arguments.add("pipe:1");
            Process process = Media.PROGRAM
                    .command("ffmpeg", arguments)
                    .redirectError(log.toFile())
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            process.waitFor();
            return new Run(output, Files.readString(log, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(file);
            Files.delete(log);
        }
    }
}
