package io.migr.features;

import io.migr.features.DecodingRun.Wish;
import io.migr.features.RunLog.Freeze;
import io.migr.features.RunLog.Size;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sampled pictures of one track.
 *
 * @param log of the run that decoded them, and the sound that was decoded with them
 * @param frames in decoding order
 * @param seconds from FFmpeg's zero to one mean frame interval after the last picture
 * @param first time of the earliest picture, seconds
 * @param frozen how long the picture stood still, seconds
 */
record PictureTrack(RunLog log, List<Slot> frames, double seconds, double first, double frozen) {
    /** A picture that does not change for so long stands still, s; cameras have noise, and people move. */
    static final double FROZEN_SECONDS = 2.5;
    /** Mean difference of a picture that stands still, as a share of the largest value: 0.08 of 255 levels. */
    static final double FROZEN_NOISE = 0.0003;

    /** A clip that stands still for this share of its length has no live picture; encoders refine the first frames. */
    private static final double FROZEN_SHARE = 0.9;

    /** A picture whose values differ by no more than this shows nothing: a covered camera, a wall; of 255 levels. */
    private static final int FLAT = 16;

    /** Matches no picture: a run with it only prints their times. */
    private static final int[] NONE = {-1};

    private static final int MOST_RUNS = 6;

    /** The position of one picture's bytes in the output file, its size in pixels and its time in seconds. */
    record Slot(long offset, int width, int height, double seconds) {}

    /**
     * Decodes a track, and a track of sound with it. A run writes only the pictures that are expected to be sampled; if
     * the expectation turns out wrong, FFmpeg runs again, so a right guess saves work and a wrong one changes nothing.
     *
     * @param guess the expected times of the pictures, seconds; may be wrong or empty
     * @param sound number of the track of sound; -1: none
     */
    static PictureTrack decode(DecodingRun run, int track, double[] guess, int sound)
            throws IOException, MediaRejectedException, InterruptedException {
        Wish wish = new Wish(track, FrameSampler.nearest(guess, FrameSampler.FRAMES), false);
        boolean mapped = false;
        for (int runs = 1; ; runs++) {
            RunLog log = run.run(wish, sound);
            refuseTooMany(log);
            boolean full = full(run);
            leaveOutFlat(run, log, wish.wanted());
            int[] sampled = sampled(log, log.times());
            Wish next = wish;
            if (log.highDynamicRange() && !mapped) {
                mapped = true;
                next = new Wish(track, wish.wanted(), true);
            } else if (wish.toneMapped() && log.sizes().isEmpty() && wish.wanted() != NONE) {
                next = new Wish(track, wish.wanted(), false); // tone mapping failed: decode only
            } else if (full && !log.rebuilt() && wish.wanted().length == 0) {
                next = new Wish(track, NONE, wish.toneMapped());
            } else if (!expected(log, wish.wanted(), sampled)) {
                boolean again = log.rebuilt() || runs > 3;
                next = new Wish(track, again ? new int[0] : sampled, wish.toneMapped());
            }
            if (next == wish || runs == MOST_RUNS || log.times().length == 0) {
                refuseFull(run, full);
                return of(run, log, wish.wanted());
            }
            wish = next;
        }
    }

    /** Whether the pictures that were written are those to be sampled, or all. */
    private static boolean expected(RunLog log, int[] wanted, int[] sampled) {
        return wanted.length == 0
                || !log.rebuilt()
                        && Arrays.equals(sampled, wanted)
                        && log.sizes().size() == wanted.length;
    }

    private static PictureTrack of(DecodingRun run, RunLog log, int[] wanted) throws IOException {
        List<Slot> written = written(run.pictures(), log.sizes());
        double[] times = log.times();
        if (wanted.length == 0) {
            times = Arrays.copyOf(times, Math.min(times.length, written.size()));
        }
        int[] sampled = sampled(log, times);
        List<Slot> frames = new ArrayList<>();
        for (int i = 0; i < sampled.length; i++) {
            int number = wanted.length == 0 ? sampled[i] : i;
            if (number < written.size()) {
                Slot slot = written.get(number);
                frames.add(new Slot(slot.offset(), slot.width(), slot.height(), times[sampled[i]]));
            }
        }
        double seconds = seconds(times);
        return new PictureTrack(
                log, frames, seconds, Arrays.stream(times).min().orElse(Double.NaN), frozen(log, times, seconds));
    }

    /** The pictures to sample: of those in which the picture stands still, only the first counts. */
    private static int[] sampled(RunLog log, double[] times) {
        int[] live = IntStream.range(0, times.length)
                .filter(i -> log.freezes().stream()
                        .noneMatch(freeze -> times[i] > freeze.start() && times[i] < freeze.end()))
                .toArray();
        double[] liveTimes = Arrays.stream(live).mapToDouble(i -> times[i]).toArray();
        return Arrays.stream(FrameSampler.nearest(liveTimes, FrameSampler.FRAMES))
                .map(i -> live[i])
                .toArray();
    }

    private static double frozen(RunLog log, double[] times, double seconds) {
        double end = times.length == 0 ? 0 : seconds + Math.min(0, times[0]);
        double sum = 0;
        for (Freeze freeze : log.freezes()) {
            sum += Math.max(0, Math.min(end, freeze.end()) - freeze.start());
        }
        return Math.min(sum, seconds);
    }

    /** A picture that shows nothing has no reason to change: it does not stand still. */
    private static void leaveOutFlat(DecodingRun run, RunLog log, int[] wanted) throws IOException {
        double[] times = log.times();
        List<Slot> written = log.freezes().isEmpty() ? List.of() : written(run.pictures(), log.sizes());
        for (int i = 0; i < written.size() && !log.freezes().isEmpty(); i++) {
            int number = wanted.length == 0 ? i : i < wanted.length ? wanted[i] : times.length;
            if (number < times.length) {
                double time = times[number];
                byte[] rgb = rgb(run.pictures(), written.get(i));
                log.freezes().removeIf(freeze -> time >= freeze.start() && time < freeze.end() && flat(rgb));
            }
        }
    }

    private static boolean flat(byte[] rgb) {
        for (int i = 3; i < rgb.length; i++) {
            if (Math.abs((rgb[i] & 0xff) - (rgb[i % 3] & 0xff)) > FLAT) {
                return false;
            }
        }
        return true;
    }

    /** Whether the picture stands still from start to end. */
    boolean still() {
        return frozen > 0 && frozen >= FROZEN_SHARE * (seconds - Math.max(0, first));
    }

    /** The length of a track: from the start of the clip to one mean frame interval after the last frame. */
    private static double seconds(double[] times) {
        int n = times.length;
        double step = n > 1 ? (times[n - 1] - times[0]) / (n - 1) : 0;
        return n == 0 ? 0 : times[n - 1] - Math.min(0, times[0]) + step;
    }

    private static void refuseTooMany(RunLog log) throws MediaRejectedException {
        if (log.times().length > RunLog.MOST_PICTURES) {
            throw new MediaRejectedException("The clip has more than " + RunLog.MOST_PICTURES
                    + " pictures. Send fewer pictures per second or shorter clips.");
        }
    }

    private static boolean full(DecodingRun run) throws IOException {
        return Files.exists(run.pictures())
                && Files.size(run.pictures()) >= (long) run.limits().outputMb() << 20;
    }

    private static void refuseFull(DecodingRun run, boolean full) throws MediaRejectedException {
        if (full) {
            throw new MediaRejectedException("The clip's decoded pictures fill more than the limit of "
                    + run.limits().outputMb() + " MiB. Send fewer pictures per second or shorter clips.");
        }
    }

    /** The pictures in the output file; a truncated one at the end does not count. */
    private static List<Slot> written(Path file, List<Size> sizes) throws IOException {
        List<Slot> slots = new ArrayList<>();
        long length = Files.exists(file) ? Files.size(file) : 0;
        long at = 0;
        for (Size size : sizes) {
            long next = at + 3L * size.width() * size.height();
            if (next > length) {
                break;
            }
            slots.add(new Slot(at, size.width(), size.height(), 0));
            at = next;
        }
        return slots;
    }

    /** Reads one of the pictures: red, green and blue of each pixel, row by row. */
    static byte[] rgb(Path file, Slot slot) throws IOException {
        byte[] rgb = new byte[3 * slot.width() * slot.height()];
        try (RandomAccessFile pictures = new RandomAccessFile(file.toFile(), "r")) {
            pictures.seek(slot.offset());
            pictures.readFully(rgb);
        }
        return rgb;
    }
}
