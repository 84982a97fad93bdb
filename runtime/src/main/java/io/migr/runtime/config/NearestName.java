package io.migr.runtime.config;

import java.util.Collection;
import java.util.Comparator;

/** Suggests which known name was meant by an unknown one: the one with the smallest edit distance. */
public final class NearestName {
    private NearestName() {}

    /**
     * The known name with the smallest edit distance to the given one.
     *
     * @throws java.util.NoSuchElementException if {@code known} is empty
     */
    public static String of(String given, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(one -> distance(one, given)))
                .orElseThrow();
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
