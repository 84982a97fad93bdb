package io.migr.trainer.registry;

import io.migr.runtime.KafkaClients;
import io.migr.runtime.models.ModelVersionReader;
import io.migr.runtime.models.ModelVersions;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Changes versions, one after another: all writers share one transactional id, so whoever begins a change ends one that
 * is on its way elsewhere, and then reads what is there. A change is written as a whole or not at all; what comes back is
 * what is there after it.
 */
public final class ModelRegistry {
    private final KafkaClients clients;
    private final String topic;
    private final Serializer<ModelVersion> values;
    private final String configured;
    private final String who;

    /**
     * A registry.
     *
     * @param configured the version of the configured weights, which are live where no other is
     * @param who changes are made by
     */
    public ModelRegistry(KafkaClients clients, String configured, String who) {
        this.clients = clients;
        this.configured = configured;
        this.who = who;
        topic = clients.name(Topic.MODEL_VERSIONS);
        values = clients.serde(ModelVersion.class).serializer();
    }

    /** The version of the configured weights. */
    public String configured() {
        return configured;
    }

    /** All versions as of now. */
    public ModelVersions versions() {
        try (ModelVersionReader reader = new ModelVersionReader(clients)) {
            return reader.now();
        }
    }

    /** The version that is there, or an error that names the nearest. */
    public ModelVersion version(String id) {
        return change(versions(), "").existing(id);
    }

    /**
     * Adds a version.
     *
     * @param version a candidate, or rejected already; when, who and why are filled in
     * @throws IllegalArgumentException when its id is taken or its parent is not there
     */
    public ModelVersions add(ModelVersion version, String why) {
        return write(versions -> change(versions, why).add(version));
    }

    /**
     * Makes a version live; the configured weights' own version makes these live.
     *
     * @param force also one that was rejected or retired
     * @throws IllegalArgumentException when there is no such version, or it may not become live
     */
    public ModelVersions promote(String id, String why, boolean force) {
        return write(versions -> change(versions, why).promote(id, force));
    }

    /**
     * Makes the live version's predecessor live.
     *
     * @throws IllegalArgumentException when it has none
     */
    public ModelVersions rollback(String why) {
        return write(versions -> change(versions, why).rollback());
    }

    /**
     * Rejects a candidate.
     *
     * @param metrics what it was rejected for, added to those it has
     * @throws IllegalArgumentException when it is none
     */
    public ModelVersions reject(String id, String why, Map<String, Double> metrics) {
        return write(versions -> change(versions, why).reject(id, metrics));
    }

    /**
     * Retires a candidate.
     *
     * @throws IllegalArgumentException when it is none
     */
    public ModelVersions retire(String id, String why) {
        return write(versions -> change(versions, why).retire(id));
    }

    private VersionChange change(ModelVersions versions, String why) {
        return new VersionChange(versions, configured, why, Instant.now(), who);
    }

    /** Returns when every reader sees the change. */
    private ModelVersions write(Function<ModelVersions, List<ModelVersion>> change) {
        try (Producer<String, byte[]> producer = clients.producer(topic + "-changes");
                ModelVersionReader reader = new ModelVersionReader(clients)) {
            producer.initTransactions();
            List<ModelVersion> records = change.apply(reader.now());
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ModelVersion record : records) {
                sent.add(producer.send(new ProducerRecord<>(topic, record.getId(), values.serialize(topic, record))));
            }
            producer.commitTransaction();
            return reader.until(sent.get(sent.size() - 1).get().offset() + 1);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new IllegalStateException(
                    "Somebody else changed versions at the same time; nothing was changed here. Look at what is live"
                            + " now and say it again.",
                    e);
        } catch (KafkaException | ExecutionException e) {
            throw new IllegalStateException("The versions could not be changed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while versions were changed.", e);
        }
    }
}
