package io.migr.cli.train;

import io.migr.cli.setup.Settings;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingRequest;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.round.ProgressLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.Deserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Requests a training round and prints its progress. */
@Command(
        name = "now",
        mixinStandardHelpOptions = true,
        description = {
            "Asks the running trainer for a round and shows its progress until it ends.",
            "The request is a record of training-requests. If no trainer is running, it waits for one."
        })
final class TrainNow implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);
    private static final Set<TrainingStage> ENDS =
            Set.of(TrainingStage.PROMOTED, TrainingStage.REJECTED, TrainingStage.NOTHING_TO_LEARN);

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--always", description = "even if no example is new, e.g. after changing settings of the trainer")
    private boolean always;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        try (Consumer<String, byte[]> consumer = clients.consumer(null)) {
            String topic = clients.name(Topic.TRAINING_PROGRESS);
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToEnd(places);
            places.forEach(consumer::position); // positions are otherwise fixed only at the first poll
            follow(consumer, clients, configuration.text(Key.TRAINER_GROUP), request(clients));
            return 0;
        }
    }

    /** Sends the request; returns its offset. */
    private long request(KafkaClients clients) throws InterruptedException {
        String topic = clients.name(Topic.TRAINING_REQUESTS);
        String who = System.getProperty("user.name");
        TrainingRequest request = new TrainingRequest(Instant.now(), who, always);
        byte[] value = clients.serde(TrainingRequest.class).serializer().serialize(topic, request);
        try (Producer<String, byte[]> producer = clients.producer(null)) {
            return producer.send(new ProducerRecord<>(topic, who, value)).get().offset();
        } catch (ExecutionException e) {
            throw new EnvironmentException(
                    "The broker rejected the request: " + e.getCause().getMessage(), e);
        }
    }

    /**
     * Prints progress until the request is answered or no trainer is running. A trainer that died counts as running
     * until its session times out.
     */
    private void follow(Consumer<String, byte[]> consumer, KafkaClients clients, String group, long request)
            throws InterruptedException {
        Deserializer<TrainingProgress> values =
                clients.serde(TrainingProgress.class).deserializer();
        try (Admin admin = clients.admin()) {
            boolean running = true;
            long next = System.nanoTime();
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    TrainingProgress progress = values.deserialize(record.topic(), record.value());
                    line(json ? progress.toString() : ProgressLog.line(progress));
                    boolean answers = progress.getRequest() != null && progress.getRequest() >= request;
                    if (answers && ENDS.contains(progress.getStage())) {
                        return;
                    }
                }
                if (!running) {
                    line("No trainer is running. The request waits for one; start it with  ./migr serve trainer");
                    return;
                }
                if (System.nanoTime() - next >= 0) {
                    running = trainerRuns(admin, group);
                    next = System.nanoTime() + LOOK_INTERVAL.toNanos();
                }
            }
        }
    }

    private static boolean trainerRuns(Admin admin, String group) throws InterruptedException {
        try {
            return !admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw new EnvironmentException(
                    "Cannot describe the consumer group " + group + ": "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    private void line(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
