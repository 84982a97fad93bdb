package io.migr.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.migr.model.ClipAnalyser;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.worker.BatchRunner.Outcome;
import io.migr.worker.BatchRunner.Outputs;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyses requests with the live version of the model until it is closed. The verifier is loaded, used and closed on
 * the inference thread, and so are models, except that all but the first are loaded on another thread.
 */
public final class WorkerService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);
    private static final Duration STOP = Duration.ofSeconds(20);
    /** How long to wait before a model that could not be loaded is tried again. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    private static final Duration BACK_OFF = Duration.ofMillis(200);

    private final Configuration configuration;
    private final String requests;
    private final Outputs outputs;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Function<String, Producer<String, byte[]>> producers;
    private final ModelFollower follower;
    private final Callable<? extends ExplanationVerifier> verifier;
    private final MeterRegistry metrics;
    private final Inbox inbox;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final CountDownLatch loaded = new CountDownLatch(1);
    private volatile boolean warm;
    private volatile Throwable failure;
    private Poller poller;
    private Thread inference;
    private Thread polling;
    private volatile Thread following;

    /**
     * Creates a worker.
     *
     * @param models where the live version comes from
     * @param verifier loads the verifier of explanations; called once, on the inference thread
     */
    public WorkerService(
            Configuration configuration,
            KafkaClients clients,
            ModelSource models,
            Callable<? extends ExplanationVerifier> verifier,
            MeterRegistry metrics) {
        this(
                configuration,
                clients.name(Topic.INFERENCE_REQUESTS),
                new Outputs(
                        clients.name(Topic.PREDICTIONS),
                        clients.name(Topic.EXPLANATIONS),
                        clients.name(Topic.DEAD_LETTERS),
                        RequestSource.recorded(
                                clients.serde(InferenceRequest.class).deserializer()),
                        clients.serde(EmotionPrediction.class),
                        clients.serde(EmotionExplanation.class)),
                () -> clients.consumer(configuration.text(Key.WORKER_GROUP)),
                clients::producer,
                models,
                verifier,
                metrics);
    }

    WorkerService(
            Configuration configuration,
            String requests,
            Outputs outputs,
            Supplier<Consumer<String, byte[]>> consumers,
            Function<String, Producer<String, byte[]>> producers,
            ModelSource models,
            Callable<? extends ExplanationVerifier> verifier,
            MeterRegistry metrics) {
        this.configuration = configuration;
        this.requests = requests;
        this.outputs = outputs;
        this.consumers = consumers;
        this.producers = producers;
        follower = new ModelFollower(models, REFUSED, metrics);
        this.verifier = verifier;
        this.metrics = metrics;
        inbox = new Inbox(configuration.number(Key.WORKER_QUEUE_SIZE));
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public void start() {
        metrics.gauge("migr.worker.inbox", inbox, Inbox::size);
        poller = new Poller(consumers.get(), requests, inbox, running);
        metrics.gauge("migr.worker.waiting", poller, Poller::waiting);
        inference = new Thread(this::infer, "inference");
        polling = new Thread(this::poll, "worker-poll");
        inference.setUncaughtExceptionHandler((thread, e) -> fail(e));
        polling.setUncaughtExceptionHandler((thread, e) -> fail(e));
        inference.start();
        polling.start();
    }

    private void poll() {
        try {
            loaded.await(); // join the group only when there is a model to serve its partitions
            poller.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            poller.close();
        }
    }

    private void infer() {
        try (ServingModel model = new ServingModel(follower.loadFirst(running), inbox::nudge);
                ExplanationVerifier reader = verifier.call()) {
            ModelTrial.of(model.current()).forEach(analysis -> reader.says(analysis.explanation()));
            warm = true;
            loaded.countDown();
            following = new Thread(() -> follow(model), "model-versions");
            following.setUncaughtExceptionHandler((thread, e) -> fail(e));
            following.start();
            serve(model, reader);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            fail(e);
        } finally {
            loaded.countDown();
            warm = false;
            if (following == null) {
                follower.close();
            }
        }
    }

    private void follow(ServingModel model) {
        try {
            follower.follow(model, running);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            follower.close();
        }
    }

    private void serve(ServingModel model, ExplanationVerifier reader) throws InterruptedException {
        Counter predictions = metrics.counter("migr.worker.predictions");
        Counter letters = metrics.counter("migr.worker.dead.letters");
        DistributionSummary sizes = metrics.summary("migr.worker.batch.size");
        Timer timer = metrics.timer("migr.worker.batch");
        Duration wait = Duration.ofMillis(configuration.number(Key.WORKER_BATCH_WAIT_MS));
        Producer<String, byte[]> producer = null;
        try {
            producer = producer();
            while (running.get()) {
                List<ConsumerRecord<String, byte[]>> batch =
                        inbox.take(configuration.number(Key.WORKER_BATCH_SIZE), wait);
                ClipAnalyser analyser = model.current();
                if (batch.isEmpty()) {
                    continue; // the worker is stopping, or it was only woken up to swap the model
                }
                long start = System.nanoTime();
                try {
                    producer = producer == null ? producer() : producer;
                    Outcome outcome = new BatchRunner(analyser, reader, producer, outputs).run(batch, poller.group());
                    predictions.increment(outcome.predictions());
                    letters.increment(outcome.deadLetters());
                    sizes.record(batch.size());
                    timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                } catch (KafkaException e) {
                    LOG.warn("A batch of {} was not committed and will be read again: {}", batch.size(), e.toString());
                    // a producer whose transaction timed out at the broker would fail every time
                    close(producer);
                    producer = null;
                    poller.rewind();
                    Thread.sleep(BACK_OFF.toMillis());
                } finally {
                    inbox.done();
                }
            }
        } finally {
            close(producer);
        }
    }

    /** Uses a new id each time: the group generation fences zombies, and an open transaction ends by its timeout. */
    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> producer =
                producers.apply(configuration.text(Key.TOPIC_PREFIX) + "worker-" + UUID.randomUUID());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            close(producer);
            throw e;
        }
        return producer;
    }

    private static void close(Producer<String, byte[]> producer) {
        if (producer != null) {
            producer.close(STOP);
        }
    }

    private void fail(Throwable e) {
        LOG.error("The worker stopped", e);
        failure = e;
        running.set(false);
        inbox.close();
    }

    @Override
    public boolean ready() {
        return warm && failure == null && poller.assigned();
    }

    @Override
    public Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        running.set(false);
        inbox.close();
        loaded.countDown();
        for (Thread thread : new Thread[] {polling, inference, following}) {
            try {
                if (thread != null) {
                    thread.join(STOP.toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
