package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.ConsentBasis;
import io.migr.schemas.ConsentExemption;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentSetting;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Modality;
import io.migr.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchRunnerTest {
    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("inference-worker");

    private final Fakes.Analyser analyser = new Fakes.Analyser();
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final Fakes.Verifier verifier = new Fakes.Verifier();
    private final BatchRunner runner = new BatchRunner(analyser, verifier, producer, Fakes.OUTPUTS);

    @BeforeEach
    void begin() {
        producer.initTransactions();
    }

    private List<ProducerRecord<String, byte[]>> sent(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }

    private EmotionPrediction prediction(int i) {
        return Fakes.OUTPUTS
                .predictionSerde()
                .deserializer()
                .deserialize("migr.predictions", sent("migr.predictions").get(i).value());
    }

    @Test
    void resultsAndOffsetsAppearInOneTransactionInOrder() {
        runner.run(
                List.of(Fakes.record(4, "ann", 0, 1), Fakes.record(5, "ann", 1, 1), Fakes.record(6, "bob", 0, 1)),
                GROUP);
        assertEquals(List.of(3), analyser.batches);
        assertEquals(1, producer.commitCount());
        assertEquals(7, committed());
        assertEquals(0, prediction(0).getClip().getSequence());
        assertEquals(1, prediction(1).getClip().getSequence());
        assertEquals("bob", prediction(2).getClip().getParticipantId());
        EmotionPrediction first = prediction(0);
        assertEquals(Emotion.SAD, first.getEmotion());
        assertEquals(Emotion.FEAR, first.getExplanationEmotion());
        assertFalse(first.getConsistent(), "the explanation says fear");
        assertEquals("there is no video track; nobody speaks", first.getMissingModality());
        assertEquals(3, first.getTimings().getBatchSize());
        EmotionExplanation explanation = Fakes.OUTPUTS
                .explanationSerde()
                .deserializer()
                .deserialize(
                        "migr.explanations", sent("migr.explanations").get(0).value());
        assertEquals(Modality.AUDIO, explanation.getSteps().get(0).getModality());
        assertTrue(explanation.getFollowsImportance());
    }

    @Test
    void theModelIsNotAskedAboutARequestWithoutMediaThatItNeeds() {
        runner.run(
                List.of(
                        Fakes.record(4, "ann", 0, 9),
                        Fakes.withoutMedia(5, "ann", 1),
                        Fakes.record(6, "ann", 2, 1),
                        Fakes.withoutMedia(7, "ann", 3)),
                GROUP);
        assertEquals(List.of(2, 1, 1), analyser.batches, "two together, and each alone because the first one fails");
        assertEquals(1, sent("migr.dead-letters").size());
        assertEquals(
                List.of(1L, 2L, 3L),
                List.of(
                        prediction(0).getClip().getSequence(),
                        prediction(1).getClip().getSequence(),
                        prediction(2).getClip().getSequence()));
        assertEquals(Emotion.SAD, prediction(1).getEmotion());
        for (EmotionPrediction without : List.of(prediction(0), prediction(2))) {
            assertEquals(Emotion.UNKNOWN, without.getEmotion());
            assertEquals(
                    "the topics carry no media, and model fake-1 needs it (features.carry)",
                    without.getAbstainedReason());
            assertTrue(Abstention.isForWantOfMedia(without));
            assertEquals("there is no video track", without.getMissingModality());
            assertEquals(List.of(), without.getProbabilities());
        }
        assertEquals(
                List.of(),
                Fakes.OUTPUTS
                        .explanationSerde()
                        .deserializer()
                        .deserialize(
                                "migr.explanations",
                                sent("migr.explanations").get(0).value())
                        .getSteps());
        assertEquals(8, committed());
    }

    @Test
    void aRequestUnderAnotherKeyOrWithoutUsableIdsIsADeadLetterWithItsValue() {
        ConsumerRecord<String, byte[]> good = Fakes.record(0, "ann", 0, 1);
        List<ConsumerRecord<String, byte[]>> odd = List.of(
                new ConsumerRecord<>(Fakes.REQUESTS, 0, 1, null, good.value()),
                new ConsumerRecord<>(Fakes.REQUESTS, 0, 2, "ann", good.value()),
                new ConsumerRecord<>(Fakes.REQUESTS, 0, 3, "call/bob", good.value()),
                Fakes.record(4, "ann", -1, 1),
                Fakes.record(5, "a\nb", 0, 1));
        List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>(odd);
        batch.add(Fakes.record(6, "bob", 0, 1));
        runner.run(batch, GROUP);
        assertEquals(1, sent("migr.predictions").size());
        assertEquals("bob", prediction(0).getClip().getParticipantId());
        List<String> reasons = List.of(
                "has no key",
                "has the key \"ann\"",
                "has the key \"call/bob\"",
                "negative sequence",
                "control characters");
        List<ProducerRecord<String, byte[]>> letters = sent("migr.dead-letters");
        assertEquals(reasons.size(), letters.size());
        for (int i = 0; i < letters.size(); i++) {
            String reason = DeadLetters.reason(letters.get(i).headers());
            assertTrue(reason.contains(reasons.get(i)), reason);
            assertEquals(odd.get(i).value(), letters.get(i).value());
        }
    }

    /** What the request says of its missing half is in the prediction twice. */
    @Test
    void aRequestWhoseResultWouldBeTooLargeIsADeadLetter() {
        runner.run(
                List.of(Fakes.saying("x".repeat(Topic.MAX_MESSAGE_BYTES - 1000), 0), Fakes.record(1, "bob", 0, 1)),
                GROUP);
        assertEquals(1, sent("migr.predictions").size());
        String reason = DeadLetters.reason(sent("migr.dead-letters").get(0).headers());
        assertTrue(reason.contains("The result of clip call/ann/0 would have"), reason);
        assertNull(sent("migr.dead-letters").get(0).value(), "with its headers it would be too large, too");
    }

    private long committed() {
        return producer.consumerGroupOffsetsHistory()
                .get(producer.consumerGroupOffsetsHistory().size() - 1)
                .get("inference-worker")
                .get(new TopicPartition(Fakes.REQUESTS, 0))
                .offset();
    }

    @Test
    void onlyThePoisonRecordFailsAndTheRestOfItsBatchIsAnswered() {
        runner.run(
                List.of(
                        Fakes.record(0, "ann", 0, 1),
                        Fakes.record(1, "ann", 1, 9),
                        Fakes.damaged(2),
                        new ConsumerRecord<>(Fakes.REQUESTS, 0, 3, "call/ann", null),
                        Fakes.record(4, "ann", 2, 1)),
                GROUP);
        assertEquals(2, sent("migr.predictions").size());
        assertEquals(2, prediction(1).getClip().getSequence());
        List<String> reasons = sent("migr.dead-letters").stream()
                .map(letter -> DeadLetters.reason(letter.headers()))
                .toList();
        assertEquals(3, reasons.size(), reasons.toString());
        assertTrue(reasons.contains("nine is poison"), reasons.toString());
        assertTrue(reasons.contains("A record without a value is not a request."), reasons.toString());
        assertEquals(5, committed());
        assertEquals(1, producer.commitCount());
    }

    @Test
    void aRequestWhoseTermsHaveEndedIsNeitherAnalysedNorKept() {
        Instant end = Instant.ofEpochMilli(System.currentTimeMillis());
        ConsentTerms ended = terms(end);
        runner.run(
                List.of(
                        Fakes.record(0, "ann", 0, 1, ended),
                        Fakes.damaged(1),
                        Fakes.record(2, "ann", 1, 1, terms(end.plusSeconds(3600))),
                        Fakes.record(3, "ann", 2, 9)),
                GROUP);
        assertEquals(1, sent("migr.predictions").size());
        List<ProducerRecord<String, byte[]>> letters = sent("migr.dead-letters");
        assertEquals(3, letters.size());
        assertEquals(
                "Clip call/ann/0 has consent that expired at " + ended.getExpiresAt()
                        + ". Ask for consent again, and send later clips with the new terms.",
                DeadLetters.reason(letters.get(0).headers()));
        assertNull(letters.get(0).value());
        assertNull(letters.get(1).value(), "whether its terms have ended cannot be read");
        assertNotNull(letters.get(2).value());
    }

    private static ConsentTerms terms(Instant expires) {
        return new ConsentTerms(
                ConsentBasis.CONSENT,
                List.of(ConsentPurpose.ANALYSIS),
                ConsentSetting.PRIVATE,
                ConsentExemption.UNSPECIFIED,
                null,
                null,
                null,
                expires,
                null);
    }

    /** By the grammar the fake's text concludes fear, which must not count. */
    @Test
    void theExplanationsEmotionIsTheOneTheVerifierReads() {
        verifier.says = io.migr.model.Emotion.SAD;
        runner.run(List.of(Fakes.record(0, "ann", 0, 1)), GROUP);
        assertEquals(Emotion.SAD, prediction(0).getExplanationEmotion());
        assertTrue(prediction(0).getConsistent());
        verifier.says = null;
        runner.run(List.of(Fakes.record(1, "ann", 1, 1)), GROUP);
        assertEquals(Emotion.UNKNOWN, prediction(1).getExplanationEmotion());
        assertFalse(prediction(1).getConsistent(), "an explanation without a conclusion is not consistent");
    }

    @Test
    void anExplanationThatCannotBeReadFailsAlone() {
        BatchRunner.Outcome outcome = runner.run(
                List.of(Fakes.record(0, "ann", 0, 1), Fakes.record(1, "ann", 1, 8), Fakes.record(2, "ann", 2, 1)),
                GROUP);
        assertEquals(2, outcome.predictions());
        assertEquals(1, outcome.deadLetters());
        assertEquals(2, sent("migr.predictions").size());
        assertEquals(2, sent("migr.explanations").size());
        assertEquals(
                "this text cannot be read",
                DeadLetters.reason(sent("migr.dead-letters").get(0).headers()));
        assertEquals(3, committed());
    }

    @Test
    void ifTheCommitFailsNothingIsVisible() {
        producer.commitTransactionException = new KafkaException("the coordinator is away");
        assertThrows(KafkaException.class, () -> runner.run(List.of(Fakes.record(0, "ann", 0, 1)), GROUP));
        assertTrue(producer.history().isEmpty());
        assertTrue(producer.transactionAborted());
        producer.commitTransactionException = null;
        runner.run(List.of(Fakes.record(0, "ann", 0, 1)), GROUP);
        assertEquals(1, sent("migr.predictions").size());
    }
}
