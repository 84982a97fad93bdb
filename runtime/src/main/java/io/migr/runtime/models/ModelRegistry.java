package io.migr.runtime.models;

import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Changes model versions, one change at a time: all writers share one transactional id, so a writer that begins a
 * change fences off one that is still in progress elsewhere, and then reads the current versions. A change is written
 * completely or not at all, and the versions after it are returned.
 */
public final class ModelRegistry {
    private final KafkaClients clients;
    private final String topic;
    private final Serializer<ModelVersion> values;
    private final String configured;
    private final String who;

    /** Creates a registry.
     *
     * @param configured the version of the configured weights, which are live if no other version is
     * @param who the author recorded with each change
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

    /** All current versions. */
    public ModelVersions versions() {
        try (ModelVersionReader reader = new ModelVersionReader(clients)) {
            return reader.now();
        }
    }

    /**
     * A version, with its current status.
     *
     * @throws IllegalArgumentException if it does not exist; the message names the most similar id
     */
    public ModelVersion version(String id) {
        return change(versions(), "").existing(id);
    }

    /**
     * Adds a version.
     *
     * @param version a candidate or rejected version; time, author and reason are filled in
     * @throws IllegalArgumentException if its id is taken or its parent does not exist
     */
    public ModelVersions add(ModelVersion version, String why) {
        return write(versions -> change(versions, why).add(version));
    }

    /** Why a version may not become live, as it needs more than the topics carry; empty if it does not. */
    public Optional<String> unfit(ModelVersion version) {
        return ModelVersions.fits(version, clients.carriesMedia())
                ? Optional.empty()
                : Optional.of(VersionChange.unfit(version));
    }

    /**
     * Makes a version live; the id of the configured weights makes these live.
     *
     * @param force whether to allow a rejected or retired version
     * @throws IllegalArgumentException if the version does not exist, may not become live, or needs more than the
     *     topics carry
     */
    public ModelVersions promote(String id, String why, boolean force) {
        return write(versions -> change(versions, why).promote(id, force));
    }

    /**
     * Makes the live version's predecessor live.
     *
     * @throws IllegalArgumentException if it has none, or that one needs more than the topics carry
     */
    public ModelVersions rollback(String why) {
        return write(versions -> change(versions, why).rollback());
    }

    /**
     * Rejects a candidate.
     *
     * @param metrics metrics behind the rejection, added to those it has
     * @throws IllegalArgumentException if it is not a candidate
     */
    public ModelVersions reject(String id, String why, Map<String, Double> metrics) {
        return write(versions -> change(versions, why).reject(id, metrics));
    }

    /**
     * Retires a candidate.
     *
     * @throws IllegalArgumentException if it is not a candidate
     */
    public ModelVersions retire(String id, String why) {
        return write(versions -> change(versions, why).retire(id));
    }

    private VersionChange change(ModelVersions versions, String why) {
        return new VersionChange(versions, configured, why, Instant.now(), who, clients.carriesMedia());
    }

    /** Writes a change and returns once it is visible to readers. */
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
                    "Another process changed the versions at the same time, so this change was not made. Check which"
                            + " version is live now, and try again.",
                    e);
        } catch (KafkaException | ExecutionException e) {
            throw new IllegalStateException("The versions could not be changed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while versions were changed.", e);
        }
    }
}
