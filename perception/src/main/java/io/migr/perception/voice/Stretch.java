package io.migr.perception.voice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames {@code from} to {@code to} - 1 of a clip, 10 ms each. */
record Stretch(int from, int to) {
    int frames() {
        return to - from;
    }

    /** Its start as samples that its frames are nearest to: a frame is centred at 20 ms + 10 ms times its number. */
    int startMs() {
        return 15 + 10 * from;
    }

    int endMs() {
        return 15 + 10 * to;
    }

    /** The longest stretches on which {@code mask} is {@code value}. */
    static List<Stretch> of(boolean[] mask, boolean value) {
        List<Stretch> all = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= mask.length; i++) {
            if (i == mask.length || mask[i] != value) {
                if (i > from) {
                    all.add(new Stretch(from, i));
                }
                from = i + 1;
            }
        }
        return all;
    }

    /** Fills gaps of at most {@code gap} frames inside the mask, then clears stretches under {@code shortest} frames. */
    static boolean[] smoothed(boolean[] mask, int gap, int shortest) {
        boolean[] smooth = mask.clone();
        for (Stretch hole : of(mask, false)) {
            if (hole.from > 0 && hole.to < mask.length && hole.frames() <= gap) {
                Arrays.fill(smooth, hole.from, hole.to, true);
            }
        }
        for (Stretch island : of(smooth, true)) {
            if (island.frames() < shortest) {
                Arrays.fill(smooth, island.from, island.to, false);
            }
        }
        return smooth;
    }

    /** How many frames of the mask are true within this stretch. */
    int count(boolean[] mask) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += mask[i] ? 1 : 0;
        }
        return count;
    }
}
