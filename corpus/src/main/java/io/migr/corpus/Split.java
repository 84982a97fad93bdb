package io.migr.corpus;

/** Disjoint sets of seeds, named after their use; each split has its own identities and voices. */
public enum Split {
    SFT(20_000),
    RL(8_000),
    VALIDATION(2_000),
    TEST(4_000),
    /** Out of distribution: other head shapes, 0 dB noise, strong compression. */
    OOD(1_000);

    private static final long SPAN = 1_000_000;
    private final int size;

    Split(int size) {
        this.size = size;
    }

    /** Number of clips in the split. */
    public int size() {
        return size;
    }

    /** The seed of the {@code index}-th clip. */
    public long seed(int index) {
        if (index < 0 || index >= SPAN) {
            throw new IllegalArgumentException("A split has seeds 0 to " + (SPAN - 1) + ", not " + index + ".");
        }
        return ordinal() * SPAN + index;
    }

    /** The split a seed belongs to. */
    public static Split of(long seed) {
        if (seed < 0 || seed >= values().length * SPAN) {
            throw new IllegalArgumentException(
                    "Seed " + seed + " belongs to no split; seeds go from 0 to " + (values().length * SPAN - 1) + ".");
        }
        return values()[(int) (seed / SPAN)];
    }
}
