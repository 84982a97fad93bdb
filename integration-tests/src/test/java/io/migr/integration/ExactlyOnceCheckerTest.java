package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.migr.integration.ExactlyOnceChecker.Seen;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checker finds every fault that is planted. */
class ExactlyOnceCheckerTest {
    private static final Set<String> ACCEPTED = Set.of("c/a/0", "c/a/1", "c/b/0", "c/b/1");
    private static final List<Seen> GOOD = seen("c/a/0", "c/b/0", "c/a/1");
    private static final List<String> DEAD = List.of("c/b/1");

    private static List<Seen> seen(String... clips) {
        return Stream.of(clips).map(Seen::new).toList();
    }

    private static void finds(String what, List<Seen> predictions, List<Seen> explanations, List<String> dead) {
        List<String> wrong = ExactlyOnceChecker.violations(ACCEPTED, predictions, explanations, dead);
        assertFalse(wrong.isEmpty(), what + " was not found");
    }

    @Test
    void aRightRunHasNoViolation() {
        assertEquals(List.of(), ExactlyOnceChecker.violations(ACCEPTED, GOOD, GOOD, DEAD));
    }

    @Test
    void plantedFaultsAreFound() {
        finds("a lost clip", GOOD, GOOD, List.of());
        finds("a lost prediction", seen("c/a/0", "c/b/0"), seen("c/a/0", "c/b/0"), DEAD);
        finds("a duplicate", seen("c/a/0", "c/b/0", "c/a/1", "c/a/1"), GOOD, DEAD);
        finds("a prediction and a dead letter", GOOD, GOOD, List.of("c/b/1", "c/a/0"));
        finds("two dead letters", GOOD, GOOD, List.of("c/b/1", "c/b/1"));
        finds("wrong order", seen("c/a/1", "c/b/0", "c/a/0"), GOOD, DEAD);
        finds("a missing explanation", GOOD, seen("c/a/0", "c/b/0"), DEAD);
        finds("a lone explanation", GOOD, seen("c/a/0", "c/b/0", "c/a/1", "c/b/1"), DEAD);
        finds("an unknown clip", seen("c/a/0", "c/b/0", "c/a/1", "x/y/0"), GOOD, DEAD);
    }
}
