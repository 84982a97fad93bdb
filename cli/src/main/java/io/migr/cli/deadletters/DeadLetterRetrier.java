package io.migr.cli.deadletters;

import io.migr.embedded.EnvironmentException;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends original records back to the topics they came from. Each record and the note that it was sent are written in
 * one transaction, and all retriers on a broker share a transactional id: a new retrier fences the previous one, so the
 * notes read after its start are complete and no dead letter is sent twice.
 */
public final class DeadLetterRetrier implements AutoCloseable {
    private final String notes;
    private final KafkaProducer<byte[], byte[]> producer;

    public DeadLetterRetrier(KafkaClients clients) {
        notes = clients.name(Topic.DEAD_LETTER_RETRIES);
        Map<String, Object> settings = clients.producerSettings();
        settings.put("transactional.id", notes);
        settings.put("transaction.timeout.ms", "10000");
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /**
     * Sends the record of a dead letter.
     *
     * @throws EnvironmentException if another retrier has been started since; nothing was sent
     * @throws KafkaException if the broker rejects the record; nothing was sent
     */
    public void send(DeadLetter letter) {
        try {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    letter.topic(),
                    null,
                    null,
                    letter.record().key(),
                    letter.record().value(),
                    DeadLetters.again(letter.record().headers())));
            producer.send(new ProducerRecord<>(notes, letter.id().getBytes(StandardCharsets.UTF_8), new byte[0]));
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new EnvironmentException(
                    "Another migr dead-letters retry was started, so this one stops; what it has sent stays sent.", e);
        } catch (KafkaException e) {
            producer.abortTransaction();
            throw e;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
