package io.migr.trainer.round;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.runtime.Configuration;
import io.migr.runtime.KafkaClients;
import io.migr.runtime.Key;
import io.migr.runtime.Service;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingRequest;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.round.Rounds.End;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
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
 *       next one answers the request. If it is killed between end and commit, a trainer that has the round's folder
 *       does not repeat the round; another one may, if the request has {@code always} set.
 *   <li>A round that fails reports why and is retried from its last checkpoint.
 * </ol>
 *
 * <p>One thread polls, so that the trainer stays in the consumer group; another computes.
 */
public final class TrainerService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Configuration configuration;
    private final KafkaClients clients;
    private final Rounds rounds;
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
            Rounds rounds,
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
            Turn turn = new Turn(consumer, examples, progress);
            consumer.subscribe(List.of(requests.topic()), turn);
            try {
                while (running.get()) {
                    turn.look();
                }
            } finally {
                turn.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** A round on its own thread. */
    private final class Running {
        private final RoundPlan plan;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;
        private volatile End end;
        private volatile Throwable fault;

        Running(RoundPlan plan, ProgressLog progress) {
            this.plan = plan;
            thread = new Thread(() -> run(progress), "round");
            thread.setDaemon(true); // a step that takes long must not keep the process
            thread.start();
        }

        private void run(ProgressLog progress) {
            String version = "";
            try {
                version = rounds.version(plan);
                String id = version;
                BooleanSupplier holds = () -> held && !stopped.get();
                RoundProgress told = (stage, done, total, numbers, text) -> {
                    if (!holds.getAsBoolean()) {
                        throw new RoundStoppedException();
                    }
                    progress.tell(id, plan.request(), stage, done, total, numbers, text);
                };
                told.tell(
                        TrainingStage.FROZEN,
                        0,
                        0,
                        Map.of(),
                        "from " + plan.recipe().parent() + ", offsets " + plan.ranges());
                End ended = rounds.run(plan, told, holds);
                progress.tell(id, plan.request(), ended.stage(), 1, 1, ended.numbers(), ended.text());
                end = ended;
            } catch (RoundStoppedException e) {
                fault = e;
            } catch (InterruptedException e) {
                fault = e;
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.error("Round {} failed and is tried again in {} s", version, PAUSE.toSeconds(), e);
                progress.tell(
                        version,
                        plan.request(),
                        TrainingStage.FAILED,
                        0,
                        0,
                        Map.of(),
                        e.getMessage() == null ? e.toString() : e.getMessage());
                fault = e;
            }
        }

        boolean over() {
            return !thread.isAlive();
        }

        void stop() throws InterruptedException {
            stopped.set(true);
            thread.join(STOP.toMillis());
        }
    }

    /** What the polling thread knows. */
    private final class Turn implements ConsumerRebalanceListener {
        private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
        private final NewExamples examples;
        private final ProgressLog progress;
        private Running round;
        private boolean counting;
        private long asked = -1;
        private long answered = -1;
        private long askedAt;
        private boolean always;
        private final Schedule schedule = new Schedule(
                configuration.number(Key.TRAINER_NEW_EXAMPLES),
                Duration.ofMinutes(configuration.number(Key.TRAINER_EVERY_MINUTES)),
                System::nanoTime);
        private long notBefore = System.nanoTime();

        Turn(
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
                counting = false; // somebody else may have used examples meanwhile
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> places) {
            if (places.contains(requests)) {
                held = false;
                asked = -1;
                always = false;
            }
        }

        void look() throws IOException, InterruptedException {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                take(record);
            }
            try {
                if (round != null && round.over()) {
                    ended();
                }
                if (round == null && held && System.nanoTime() >= notBefore) {
                    begin();
                }
            } catch (KafkaException e) {
                LOG.warn("The trainer looks again in {} s: {}", PAUSE.toSeconds(), e.toString());
                notBefore = System.nanoTime() + PAUSE.toNanos();
                counting = false;
            }
        }

        private void take(ConsumerRecord<String, byte[]> record) {
            try {
                TrainingRequest request = values.deserialize(record.topic(), record.value());
                asked = record.offset();
                askedAt = record.timestamp();
                always |= request.getAlways();
            } catch (SerializationException e) {
                LOG.warn("Offset {} of {} is not a valid request: {}", record.offset(), record.topic(), e.getMessage());
            }
        }

        private void begin() throws IOException {
            if (!counting) {
                examples.countFrom(rounds.used());
                counting = true;
                Optional<RoundPlan> unfinished = rounds.unfinished();
                if (unfinished.isPresent()) {
                    round = new Running(unfinished.get(), progress);
                    return;
                }
            }
            int count = examples.more();
            boolean requested = asked > answered;
            Optional<End> before = requested ? rounds.answer(asked, askedAt) : Optional.empty();
            if (before.isPresent()) {
                End end = before.get();
                progress.tell(end.version(), asked, end.stage(), 1, 1, end.numbers(), end.text());
                answer(asked);
            } else if (requested && !always && examples.all() == 0) {
                progress.tell(
                        "",
                        asked,
                        TrainingStage.NOTHING_TO_LEARN,
                        0,
                        0,
                        Map.of(),
                        "No labelled example is new since the last round.");
                answer(asked);
            } else if (requested || schedule.due(count)) {
                freeze(requested ? asked : null);
            }
        }

        private void freeze(Long request) throws IOException {
            RoundPlan plan;
            try {
                plan = rounds.freeze(request);
            } catch (IOException | RuntimeException e) {
                LOG.error("A round could not be started and will be retried in {} s", PAUSE.toSeconds(), e);
                progress.tell("", request, TrainingStage.FAILED, 0, 0, Map.of(), String.valueOf(e.getMessage()));
                notBefore = System.nanoTime() + PAUSE.toNanos();
                return;
            }
            Map<Integer, Long> taken = new HashMap<>(rounds.used());
            plan.ranges().forEach(range -> taken.merge(range.partition(), range.to(), Math::max));
            examples.countFrom(taken);
            round = new Running(plan, progress);
        }

        private void ended() throws IOException {
            Running over = round;
            round = null;
            if (over.end == null) {
                counting = false;
                notBefore = System.nanoTime() + (over.fault instanceof RoundStoppedException ? POLL : PAUSE).toNanos();
                return;
            }
            schedule.ended();
            metrics.counter(
                            "migr.trainer.rounds",
                            "end",
                            over.end.stage().name().toLowerCase(Locale.ROOT))
                    .increment();
            if (over.plan.request() != null) {
                answer(over.plan.request());
            }
        }

        private void answer(long request) {
            if (asked <= request) {
                always = false;
            }
            answered = Math.max(answered, request);
            if (held) {
                consumer.commitSync(Map.of(requests, new OffsetAndMetadata(request + 1)));
            }
        }

        void stop() throws InterruptedException {
            if (round != null) {
                round.stop();
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
