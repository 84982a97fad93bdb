package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.runtime.config.Configuration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class WorkerServiceTest {
    private static final TopicPartition PARTITION = new TopicPartition(Fakes.REQUESTS, 0);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, byte[]> producer = mock();
    private final MockProducer<String, byte[]> next = mock();
    private final Deque<MockProducer<String, byte[]>> producers = new ArrayDeque<>(List.of(producer, next));
    private final Fakes.Analyser analyser = new Fakes.Analyser();
    private final Fakes.Verifier verifier = new Fakes.Verifier();

    private static MockProducer<String, byte[]> mock() {
        return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    private WorkerService worker(ModelLoader loader) {
        return new WorkerService(
                Configuration.of(Map.of("worker.batch.size", "2", "worker.batch.wait.ms", "1")),
                Fakes.REQUESTS,
                Fakes.OUTPUTS,
                () -> consumer,
                id -> producers.remove(),
                new LiveVersions().source(loader),
                () -> verifier,
                new SimpleMeterRegistry());
    }

    private static void await(BooleanSupplier what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!what.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertTrue(what.getAsBoolean());
    }

    private void assign() {
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(PARTITION));
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        });
    }

    private void feed(long from, long to) {
        consumer.schedulePollTask(() -> {
            for (long i = from; i < to; i++) {
                consumer.addRecord(Fakes.record(i, "ann", i, 1));
            }
        });
    }

    @Test
    void servesInBatchesAndClosesModelAndVerifierOnTheInferenceThread() throws Exception {
        try (WorkerService worker = worker(stored -> analyser)) {
            worker.start();
            assign();
            feed(0, 5);
            await(() -> producer.history().size() == 10);
            assertTrue(worker.ready());
            assertTrue(analyser.batches.stream().allMatch(size -> size <= 2), analyser.batches.toString());
        }
        assertTrue(analyser.closed);
        assertTrue(verifier.closed);
        // three texts to warm up, five results, and closing
        assertEquals(Collections.nCopies(9, "inference"), verifier.threads);
    }

    @Test
    void aBatchThatWasNotCommittedIsReadAgainWithAnotherProducer() throws Exception {
        producer.sendOffsetsToTransactionException = new KafkaException("try again");
        try (WorkerService worker = worker(stored -> analyser)) {
            worker.start();
            assign();
            feed(0, 1);
            await(producer::closed);
            assertTrue(producer.transactionAborted());
            // the mock drops records once polled; a broker would send them again after the seek
            feed(0, 1);
            await(() -> next.history().size() == 2);
            assertEquals(1, next.commitCount());
            assertEquals(0, producer.commitCount());
        }
    }

    /** Happens to a worker that was stopped for longer than its transaction timeout. */
    @Test
    void aProducerThatTheBrokerFencedIsReplacedAndTheWorkerContinues() throws Exception {
        producer.commitTransactionException = new InvalidTxnStateException("the transaction was ended");
        producer.abortTransactionException = new ProducerFencedException("its epoch is over");
        try (WorkerService worker = worker(stored -> analyser)) {
            worker.start();
            assign();
            feed(0, 1);
            await(producer::closed);
            feed(0, 1);
            await(() -> next.commitCount() == 1);
            assertEquals(null, worker.failure());
            assertTrue(worker.ready());
        }
    }

    @Test
    void aModelThatCannotBeLoadedIsReportedAsTheServicesFailure() throws Exception {

        try (WorkerService worker = worker(stored -> {
            throw new java.io.IOException("the weights are cut");
        })) {
            worker.start();
            await(() -> worker.failure() != null);
            assertEquals("the weights are cut", worker.failure().getMessage());
            assertTrue(!worker.ready());
        }
    }
}
