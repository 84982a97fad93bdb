package io.migr.features;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The description of a clip, read from what FFmpeg printed while it decoded it: tracks, times and sizes of pictures,
 * times of blocks of sound, and why something failed. No second process is asked.
 */
final class RunLog {
    /** The filters that print the description; pictures that are written must be of {@link #WRITTEN_FORMAT}. */
    static final String PICTURE_FILTER = "showinfo=checksum=0";

    static final String SOUND_FILTER = "ashowinfo";

    /** No decoder of the list makes pictures of this format, so that it tells those that are written from the others. */
    static final String WRITTEN_FORMAT = "rgb24";

    /** More pictures than this are refused: a thousand a second for longer than any clip. */
    static final int MOST_PICTURES = 20_000;

    private static final long MOST_CHARACTERS = 64 << 20;
    private static final int MOST_BLOCKS = 100_000;
    private static final int LONGEST_REASON = 160;
    private static final Pattern STREAM = Pattern.compile("^  Stream #0:\\d+.*?: (Video|Audio): (\\w+)(.*)$");
    private static final Pattern LENGTH = Pattern.compile("^  Duration: (\\d+):(\\d\\d):(\\d\\d\\.\\d+)");
    // FFmpeg's threads share the log: a record stays in one piece, but may stand anywhere in a line
    private static final Pattern PICTURE = Pattern.compile(
            "n: *(\\d+) pts: *\\S+ pts_time:(\\S+) .{0,80}?fmt:(\\w+) .{0,40}?sar:\\S+ s:(\\d{1,5})x(\\d{1,5}) i:");
    private static final Pattern BLOCK = Pattern.compile(
            "n:\\d+ pts:\\S+ pts_time:(\\S+) fmt:\\w+ channels:(\\d+) chlayout:.{0,80}? rate:(\\d+) nb_samples:(\\d+)");
    private static final Pattern FREEZE = Pattern.compile("freeze_(start|end): ([-+.\\deE]+)");
    private static final Pattern RATE = Pattern.compile(" (\\d+) Hz");
    private static final Pattern TOO_LARGE = Pattern.compile("Picture size (\\d+x\\d+) exceeds");
    private static final Pattern ERROR_LINE =
            Pattern.compile("(?i)(?:^|\\] |: )([^\\[\\]]*(?:invalid data|whitelist|moov atom|not on|could not find|"
                    + "cannot allocate|exceed|too large|unsupported|unknown)[^\\[\\]]*)$");

    /**
     * A track as the container describes it.
     *
     * @param codec as FFmpeg names it
     * @param flagged whether the container marks it as the default
     * @param rate of sound, Hz; 0 for pictures or if it is not known
     */
    record Track(String codec, boolean flagged, int rate) {}

    /** Width and height, pixels. */
    record Size(int width, int height) {}

    /** A block of sound: when it is to be heard, in seconds (NaN: not known), and how many samples it has. */
    record Block(double seconds, int channels, int rate, int samples) {}

    /** From when to when the picture stood still, seconds; the end is infinite if nothing changed until the end. */
    record Freeze(double start, double end) {}

    private final List<Track> video = new ArrayList<>();
    private final List<Track> audio = new ArrayList<>();
    private final List<Size> sizes = new ArrayList<>();
    private final List<Freeze> freezes = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private double[] times = new double[64];
    private int pictures;
    private boolean inputShown;
    private boolean outputShown;
    private boolean rebuilt;
    private boolean highDynamicRange;
    private boolean noIndex;
    private double length = Double.NaN;
    private String tooLarge;
    private String errorLine;

    private RunLog() {}

    /** Reads a log; what a hostile file adds beyond a sensible length is left out. */
    static RunLog read(Path file) throws IOException {
        RunLog log = new RunLog();
        long read = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null && read < MOST_CHARACTERS; line = lines.readLine()) {
                read += line.length();
                log.line(line);
            }
        }
        return log;
    }

    private void line(String line) {
        if (line.contains(" pts_time:")) {
            pictures(line);
            blocks(line);
        } else if (line.contains("lavfi.freezedetect.")) {
            freeze(line);
        } else if (line.contains("color_trc:")) {
            highDynamicRange |= line.contains("color_trc:smpte2084") || line.contains("color_trc:arib-std-b67");
        } else if (!outputShown) {
            description(line);
        } else {
            rebuilt |= line.contains("Reconfiguring filter graph because video");
            failure(line);
        }
    }

    private void pictures(String line) {
        Matcher picture = PICTURE.matcher(line);
        while (picture.find() && pictures <= MOST_PICTURES) {
            if (picture.group(3).equals(WRITTEN_FORMAT)) {
                sizes.add(new Size(whole(picture.group(4)), whole(picture.group(5))));
            } else {
                rebuilt |= pictures > 0 && picture.group(1).equals("0");
                times = pictures == times.length ? Arrays.copyOf(times, 2 * pictures) : times;
                double seconds = number(picture.group(2));
                // a frame without a timestamp is placed 40 ms after the one before
                times[pictures] = Double.isFinite(seconds) ? seconds : pictures == 0 ? 0 : times[pictures - 1] + 0.04;
                pictures++;
            }
        }
    }

    private void blocks(String line) {
        Matcher block = BLOCK.matcher(line);
        while (block.find() && blocks.size() < MOST_BLOCKS) {
            blocks.add(new Block(
                    number(block.group(1)), whole(block.group(2)), whole(block.group(3)), whole(block.group(4))));
        }
    }

    private void freeze(String line) {
        Matcher freeze = FREEZE.matcher(line);
        if (freeze.find()) {
            double seconds = number(freeze.group(2));
            if (freeze.group(1).equals("start")) {
                freezes.add(new Freeze(seconds, Double.POSITIVE_INFINITY));
            } else if (!freezes.isEmpty()) {
                freezes.add(new Freeze(freezes.remove(freezes.size() - 1).start(), seconds));
            }
        }
    }

    private void description(String line) {
        inputShown |= line.startsWith("Input #0");
        outputShown |= inputShown && (line.startsWith("Stream mapping") || line.startsWith("Output #"));
        Matcher stream = STREAM.matcher(line);
        Matcher duration = LENGTH.matcher(line);
        if (inputShown && !outputShown && stream.find()) {
            String rest = stream.group(3);
            Matcher rate = RATE.matcher(rest);
            Track track =
                    new Track(stream.group(2), rest.contains("(default)"), rate.find() ? whole(rate.group(1)) : 0);
            if (stream.group(1).equals("Audio")) {
                audio.add(track);
            } else if (!rest.contains("(attached pic)")) {
                video.add(track);
            }
        } else if (inputShown && duration.find()) {
            length = whole(duration.group(1)) * 3600
                    + whole(duration.group(2)) * 60
                    + Double.parseDouble(duration.group(3));
        } else {
            failure(line);
        }
    }

    private void failure(String line) {
        noIndex |= line.contains("moov atom not found");
        Matcher large = TOO_LARGE.matcher(line);
        if (large.find()) {
            tooLarge = large.group(1);
        }
        if (errorLine == null && !line.contains("version information")) {
            Matcher error = ERROR_LINE.matcher(line);
            if (error.find()) {
                String words = error.group(1).strip();
                errorLine = words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) : words;
            }
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static int whole(String digits) {
        return digits.length() > 10 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(digits));
    }

    /** Whether the container could be read. */
    boolean readable() {
        return inputShown;
    }

    /** Tracks of pictures, without cover pictures. */
    List<Track> video() {
        return video;
    }

    List<Track> audio() {
        return audio;
    }

    /** Times of all decoded pictures in the order of decoding, seconds. */
    double[] times() {
        return Arrays.copyOf(times, pictures);
    }

    /** Sizes of the pictures that were written, in the order of the file. */
    List<Size> sizes() {
        return sizes;
    }

    /** The decoded blocks of sound. */
    List<Block> blocks() {
        return blocks;
    }

    List<Freeze> freezes() {
        return freezes;
    }

    /** Whether the size or format of the pictures changed midway, so that the filters started to count again. */
    boolean rebuilt() {
        return rebuilt;
    }

    boolean highDynamicRange() {
        return highDynamicRange;
    }

    /** Whether an mp4 or mov file ends before its index. */
    boolean noIndex() {
        return noIndex;
    }

    /** The length that the container states, seconds; NaN if it states none. */
    double length() {
        return length;
    }

    /** Width and height of a picture that has more pixels than allowed, e.g. {@code 8192x8192}; null: there is none. */
    String tooLarge() {
        return tooLarge;
    }

    /** A line that explains a failure; null: there is none. */
    String errorLine() {
        return errorLine;
    }
}
