package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.integration.ExactlyOnceChecker.Round;
import io.migr.integration.ExactlyOnceChecker.Seen;
import io.migr.integration.ExactlyOnceChecker.Span;
import io.migr.integration.ExactlyOnceChecker.Taught;
import io.migr.model.ClipInput;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.FinishReason;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks that the checker finds every planted fault. */
@ExtendWith(SharedBroker.class)
class ExactlyOnceCheckerTest {
    private static final Set<String> ACCEPTED = Set.of("c/a/0", "c/a/1", "c/b/0", "c/b/1");
    private static final List<Seen> GOOD = seen("c/a/0", "c/b/0", "c/a/1");
    private static final List<String> DEAD = List.of("c/b/1");
    private static final Map<String, Set<String>> LABELS =
            Map.of("c/a/0", Set.of("ann SAD"), "c/a/1", Set.of("ann SAD", "bob HAPPY"), "c/b/0", Set.of("bob ANGRY"));
    private static final List<Taught> TAUGHT = List.of(
            taught(0, "c/a/0", "ann SAD"),
            taught(1, "c/a/1", "ann SAD"),
            taught(2, "c/b/0", "bob ANGRY"),
            taught(4, "c/a/1", "ann SAD", "bob HAPPY"));

    private static List<Seen> seen(String... clips) {
        return Stream.of(clips).map(clip -> new Seen(clip, "v1", clip)).toList();
    }

    private static Taught taught(long offset, String clip, String... labels) {
        return new Taught(0, offset, clip, clip, Set.of(labels));
    }

    private static void found(String what, List<String> wrong) {
        assertFalse(wrong.isEmpty(), what + " was not found");
    }

    private static void finds(String what, List<Seen> predictions, List<Seen> explanations, List<String> dead) {
        found(what, ExactlyOnceChecker.violations(ACCEPTED, predictions, explanations, dead));
    }

    @Test
    void aCorrectRunHasNoViolation() {
        assertEquals(List.of(), ExactlyOnceChecker.violations(ACCEPTED, GOOD, GOOD, DEAD));
        assertEquals(List.of(), ExactlyOnceChecker.labelViolations(LABELS, GOOD, TAUGHT));
        assertEquals(List.of(), rounds(new Round("r", List.of(new Span(0, 0, 5)), 2, 1)));
        assertEquals(List.of(), rounds(new Round("r", List.of(new Span(0, 0, 2), new Span(0, 2, 3)), 2, 1)));
    }

    @Test
    void plantedFaultsAreFound() {
        finds("a lost clip", GOOD, GOOD, List.of());
        finds("a lost prediction", seen("c/a/0", "c/b/0"), seen("c/a/0", "c/b/0"), DEAD);
        finds("a duplicate", seen("c/a/0", "c/b/0", "c/a/1", "c/a/1"), GOOD, DEAD);
        finds("a prediction and a dead letter", GOOD, GOOD, List.of("c/b/1", "c/a/0"));
        finds("two dead letters", GOOD, GOOD, List.of("c/b/1", "c/b/1"));
        finds("wrong order", seen("c/a/1", "c/b/0", "c/a/0"), GOOD, DEAD);
        finds("wrong order of explanations", GOOD, seen("c/a/1", "c/b/0", "c/a/0"), DEAD);
        finds("a missing explanation", GOOD, seen("c/a/0", "c/b/0"), DEAD);
        finds("a lone explanation", GOOD, seen("c/a/0", "c/b/0", "c/a/1", "c/b/1"), DEAD);
        finds("an unknown clip", seen("c/a/0", "c/b/0", "c/a/1", "x/y/0"), GOOD, DEAD);
        List<Seen> mixed = List.of(GOOD.get(0), new Seen("c/b/0", "v2", "c/b/0"), GOOD.get(2));
        finds("mixed versions", GOOD, mixed, DEAD);
    }

    private static void findsTaught(String what, Taught... examples) {
        found(what, ExactlyOnceChecker.labelViolations(LABELS, GOOD, List.of(examples)));
    }

    @Test
    void plantedFaultsInExamplesAreFound() {
        Taught[] right = TAUGHT.toArray(new Taught[0]);
        findsTaught("a lost label", right[0], right[1], right[2]);
        findsTaught("a lost example", right[1], right[2], right[3]);
        findsTaught("an example that came twice", right[0], right[0], right[1], right[2], right[3]);
        findsTaught("labels in the wrong order", right[0], right[3], right[1], right[2]);
        findsTaught("another label", taught(0, "c/a/0", "ann HAPPY"), right[1], right[2], right[3]);
        findsTaught("an unlabelled example", right[0], right[1], right[2], right[3], taught(5, "c/b/1", "ann SAD"));
        Taught aborted = new Taught(0, 0, "c/a/0", "an attempt that was aborted", Set.of("ann SAD"));
        findsTaught("a prediction that was aborted", aborted, right[1], right[2], right[3]);
    }

    private static List<String> rounds(Round round) {
        return ExactlyOnceChecker.roundViolations(TAUGHT, List.of(round), "c/b/0"::equals);
    }

    @Test
    void plantedFaultsInRoundsAreFound() {
        List<Span> all = List.of(new Span(0, 0, 5));
        found("offsets that were used twice", rounds(new Round("r", List.of(all.get(0), new Span(0, 3, 5)), 2, 1)));
        found("a clip that was learned from twice", rounds(new Round("r", all, 3, 1)));
        found("a clip that was not used", rounds(new Round("r", all, 1, 1)));
        found("a held-out clip that was learned from", rounds(new Round("r", all, 3, 0)));
        found("a clip from elsewhere", rounds(new Round("r", List.of(new Span(0, 0, 2)), 2, 1)));
    }

    /** The log has two attempts at one clip, the first of them aborted, and only an aborted attempt at another clip. */
    @Test
    void aReaderOfAbortedRecordsIsFound(Broker broker) throws Exception {
        Configuration configuration = broker.configuration("aborted", Map.of());
        KafkaClients clients = Broker.clients(configuration);
        Set<String> accepted = Set.of("call/ann/0", "call/ann/1");
        try (Producer<String, byte[]> producer = clients.producer("aborted-worker")) {
            producer.initTransactions();
            for (boolean committed : new boolean[] {false, true}) {
                producer.beginTransaction();
                results(producer, clients, 0);
                if (committed) {
                    producer.commitTransaction();
                } else {
                    results(producer, clients, 1);
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
        try (Committed committed = new Committed(clients);
                Committed all = Committed.andUncommitted(clients)) {
            committed.await(1, Duration.ofSeconds(20));
            all.await(3, Duration.ofSeconds(20));
            List<String> lost = List.of("call/ann/1 came out 0 times");
            assertEquals(lost, violations(accepted, committed));
            List<String> wrong = violations(accepted, all);
            assertTrue(wrong.contains("call/ann/0 came out 2 times"), wrong.toString());
            assertFalse(wrong.containsAll(lost), "a read_uncommitted consumer takes the aborted record for output");
        }
    }

    private static List<String> violations(Set<String> accepted, Committed read) {
        return ExactlyOnceChecker.violations(accepted, read.seenPredictions(), read.seenExplanations(), List.of());
    }

    private static void results(Producer<String, byte[]> producer, KafkaClients clients, long sequence) {
        ClipId clip = new ClipId("call", "ann", sequence);
        ClipInput silence = new ClipInput(List.of(), new float[128][10], false);
        EmotionPrediction prediction =
                Labelled.example("ann", sequence, silence, Emotion.SAD).getPrediction();
        EmotionExplanation explanation =
                new EmotionExplanation(clip, List.of(), Emotion.SAD, true, FinishReason.STOP, "test");
        send(producer, clients, Topic.PREDICTIONS, EmotionPrediction.class, clip, prediction);
        send(producer, clients, Topic.EXPLANATIONS, EmotionExplanation.class, clip, explanation);
    }

    private static <T extends SpecificRecord> void send(
            Producer<String, byte[]> producer, KafkaClients clients, Topic topic, Class<T> type, ClipId clip, T value) {
        String name = clients.name(topic);
        producer.send(new ProducerRecord<>(
                name, ClipKey.of(clip), clients.serde(type).serializer().serialize(name, value)));
    }
}
