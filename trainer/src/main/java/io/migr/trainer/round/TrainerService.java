package io.migr.trainer.round;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingRequest;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.round.RoundRunner.End;
import io.migr.trainer.round.TrainerState.Recounting;
import io.migr.trainer.round.TrainerState.Waiting;
import io.migr.trainer.round.TrainerState.Working;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds when they are due:
 *
 * <ol>
 *   <li>Of all trainers of a group, the one that is assigned the only partition of {@code training-requests} runs
 *       rounds; the others are on standby. A trainer that loses the partition stops its round at the next step and
 *       does not publish.
 *   <li>A round that was killed is resumed first. Then a round starts on a request, after a number of new examples, or
 *       after an interval if any example is new. The interval is measured with a monotonic clock, so setting the system
 *       time has no effect.
 *   <li>A request is committed when a round that started after it has ended. If the trainer is killed before that, the
 *       next one answers the request. If it is killed between the end of the round and the commit, a trainer that has
 *       the round's folder does not repeat the round; another one may, if the request has {@code always} set.
 *   <li>A round that fails reports why and is retried from its last checkpoint.
 * </ol>
 *
 * <p>One thread polls Kafka, so that the trainer stays in the consumer group; another runs the round.
 */
public final class TrainerService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);
    private static final Duration POLL = Duration.ofMillis(200);
    static final Duration STOP = Duration.ofSeconds(60);
    static final Duration PAUSE = Duration.ofSeconds(30);

    private final Configuration configuration;
    private final KafkaClients clients;
    private final RoundRunner rounds;
    private final MeterRegistry metrics;
    private final Consumer<String> lines;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final TopicPartition requests;
    private final Deserializer<TrainingRequest> values;
    private volatile boolean joined;
    private volatile boolean held;
    private volatile Throwable failure;
    private Thread polling;

    /**
     * Creates a trainer.
     *
     * @param lines receives the progress of rounds as lines of text
     */
    public TrainerService(
            Configuration configuration,
            KafkaClients clients,
            RoundRunner rounds,
            MeterRegistry metrics,
            Consumer<String> lines) {
        this.configuration = configuration;
        this.clients = clients;
        this.rounds = rounds;
        this.metrics = metrics;
        this.lines = lines;
        requests = new TopicPartition(clients.name(Topic.TRAINING_REQUESTS), 0);
        values = clients.serde(TrainingRequest.class).deserializer();
    }

    @Override
    public String name() {
        return "trainer";
    }

    @Override
    public void start() {
        polling = new Thread(this::poll, "trainer-poll");
        polling.setUncaughtExceptionHandler((thread, e) -> fail(e));
        polling.start();
    }

    private void fail(Throwable e) {
        LOG.error("The trainer failed", e);
        failure = e;
        running.set(false);
    }

    private void poll() {
        try (org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer =
                        clients.consumer(configuration.text(Key.TRAINER_GROUP));
                NewExamples examples = new NewExamples(clients);
                ProgressLog progress = new ProgressLog(clients, lines)) {
            metrics.gauge("migr.trainer.new.examples", examples, NewExamples::count);
            PollLoop loop = new PollLoop(consumer, examples, progress);
            consumer.subscribe(List.of(requests.topic()), loop);
            try {
                while (running.get()) {
                    loop.pollOnce();
                }
            } finally {
                loop.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** What the polling thread does: it reads requests and moves the trainer from state to state. */
    private final class PollLoop implements ConsumerRebalanceListener {
        private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
        private final NewExamples examples;
        private final ProgressLog progress;
        private final PendingRequests pending = new PendingRequests();
        private final RoundSchedule schedule = new RoundSchedule(
                configuration.number(Key.TRAINER_NEW_EXAMPLES),
                Duration.ofMinutes(configuration.number(Key.TRAINER_EVERY_MINUTES)),
                System::nanoTime);
        private TrainerState state = new Recounting(System.nanoTime());

        PollLoop(
                org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
                NewExamples examples,
                ProgressLog progress) {
            this.consumer = consumer;
            this.examples = examples;
            this.progress = progress;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> places) {
            joined = true;
            if (places.contains(requests)) {
                held = true;
                state = state.recount();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> places) {
            if (places.contains(requests)) {
                held = false;
                pending.forget();
            }
        }

        /** Reads requests and makes the transitions that are due. */
        void pollOnce() throws IOException, InterruptedException {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                addRequest(record);
            }
            try {
                if (state instanceof Working working && working.round().over()) {
                    state = finish(working);
                }
                if (held && state instanceof Recounting recounting && isTime(recounting.from())) {
                    state = resume(recounting);
                }
                if (held && state instanceof Waiting waiting && isTime(waiting.from())) {
                    state = begin(waiting);
                }
            } catch (KafkaException e) {
                LOG.warn(
                        "The trainer could not use Kafka and tries again in {} s: {}", PAUSE.toSeconds(), e.toString());
                state = new Recounting(after(PAUSE));
            }
        }

        private boolean isTime(long from) {
            return System.nanoTime() >= from;
        }

        private long after(Duration pause) {
            return System.nanoTime() + pause.toNanos();
        }

        private void addRequest(ConsumerRecord<String, byte[]> record) {
            try {
                TrainingRequest request = values.deserialize(record.topic(), record.value());
                if (request == null) {
                    LOG.warn("Offset {} of {} has no value.", record.offset(), record.topic());
                    return;
                }
                pending.add(record.offset(), record.timestamp(), request);
            } catch (SerializationException e) {
                LOG.warn("Offset {} of {} is not a valid request: {}", record.offset(), record.topic(), e.getMessage());
            }
        }

        /** Counts new examples, and resumes a round that was started and has not ended. */
        private TrainerState resume(Recounting recounting) throws IOException {
            examples.countFrom(rounds.usedOffsets());
            return rounds.unfinished().<TrainerState>map(this::work).orElseGet(() -> new Waiting(recounting.from()));
        }

        private Working work(RoundPlan plan) {
            return new Working(new RunningRound(rounds, plan, progress, () -> held), true);
        }

        /** Answers a request that needs no round, or starts a round that is due. */
        private TrainerState begin(Waiting waiting) throws IOException {
            int count = examples.more();
            long asked = pending.offset();
            boolean requested = pending.pending();
            Optional<End> before = requested ? rounds.findAnswer(asked, pending.askedAt()) : Optional.empty();
            if (before.isPresent()) {
                End end = before.get();
                progress.report(end.version(), asked, end.stage(), 1, 1, end.numbers(), end.text());
                answer(asked);
            } else if (requested && !pending.always() && examples.all() == 0) {
                progress.report(
                        "",
                        asked,
                        TrainingStage.NOTHING_TO_LEARN,
                        0,
                        0,
                        Map.of(),
                        "No labelled example is new since the last round.");
                answer(asked);
            } else if (requested || schedule.due(count)) {
                return freeze(requested ? asked : null);
            }
            return waiting;
        }

        private TrainerState freeze(Long request) throws IOException {
            RoundPlan plan;
            try {
                plan = rounds.freeze(request);
            } catch (IOException | RuntimeException e) {
                LOG.error("A round could not be started and will be retried in {} s", PAUSE.toSeconds(), e);
                progress.report("", request, TrainingStage.FAILED, 0, 0, Map.of(), String.valueOf(e.getMessage()));
                return new Waiting(after(PAUSE));
            }
            Map<Integer, Long> used = new HashMap<>(rounds.usedOffsets());
            plan.ranges().forEach(range -> used.merge(range.partition(), range.to(), Math::max));
            examples.countFrom(used);
            return work(plan);
        }

        /** Commits the request that a round answered. A round that failed or was stopped is found and resumed later. */
        private TrainerState finish(Working working) {
            RunningRound over = working.round();
            if (over.end().isEmpty()) {
                return new Recounting(after(over.wasStopped() ? POLL : PAUSE));
            }
            schedule.restart();
            metrics.counter(
                            "migr.trainer.rounds",
                            "end",
                            over.end().get().stage().name().toLowerCase(Locale.ROOT))
                    .increment();
            if (over.plan().request() != null) {
                answer(over.plan().request());
            }
            long now = System.nanoTime();
            return working.counted() ? new Waiting(now) : new Recounting(now);
        }

        private void answer(long request) {
            pending.answer(request);
            if (held) {
                consumer.commitSync(Map.of(requests, new OffsetAndMetadata(request + 1)));
            }
        }

        void stop() throws InterruptedException {
            if (state instanceof Working working) {
                working.round().stop();
            }
        }
    }

    @Override
    public boolean ready() {
        return joined && failure == null && running.get();
    }

    @Override
    public Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        running.set(false);
        try {
            if (polling != null) {
                polling.join(STOP.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
