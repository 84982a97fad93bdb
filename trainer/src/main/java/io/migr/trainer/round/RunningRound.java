package io.migr.trainer.round;

import io.migr.schemas.TrainingStage;
import io.migr.trainer.round.RoundRunner.End;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A round that runs on its own thread until it ends, fails or is stopped. */
final class RunningRound {
    private static final Logger LOG = LoggerFactory.getLogger(RunningRound.class);

    private final RoundRunner rounds;
    private final RoundPlan plan;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private volatile End end;
    private volatile Throwable fault;

    /**
     * Starts or resumes a round.
     *
     * @param held whether this trainer still has the partition of requests; if not, the round stops at its next step
     */
    RunningRound(RoundRunner rounds, RoundPlan plan, ProgressLog progress, BooleanSupplier held) {
        this.rounds = rounds;
        this.plan = plan;
        thread = new Thread(() -> run(progress, held), "round");
        thread.setDaemon(true); // a long step must not keep the process alive
        thread.start();
    }

    private void run(ProgressLog progress, BooleanSupplier held) {
        String version = "";
        try {
            version = rounds.version(plan);
            String id = version;
            BooleanSupplier holds = () -> held.getAsBoolean() && !stopped.get();
            RoundProgress stoppable = (stage, done, total, numbers, text) -> {
                if (!holds.getAsBoolean()) {
                    throw new RoundStoppedException();
                }
                progress.report(id, plan.request(), stage, done, total, numbers, text);
            };
            stoppable.report(
                    TrainingStage.FROZEN,
                    0,
                    0,
                    Map.of(),
                    "from " + plan.recipe().parent() + ", offsets " + plan.ranges());
            End ended = rounds.run(plan, stoppable, holds);
            progress.report(id, plan.request(), ended.stage(), 1, 1, ended.numbers(), ended.text());
            end = ended;
        } catch (RoundStoppedException e) {
            fault = e;
        } catch (InterruptedException e) {
            fault = e;
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.error("Round {} failed and will be retried in {} s", version, TrainerService.PAUSE.toSeconds(), e);
            progress.report(
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

    RoundPlan plan() {
        return plan;
    }

    /** How the round ended; empty if it is still running, failed or was stopped. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** Whether it was stopped before its end. */
    boolean wasStopped() {
        return fault instanceof RoundStoppedException;
    }

    /** Whether its thread has ended. */
    boolean over() {
        return !thread.isAlive();
    }

    /** Stops the round at its next step, and waits for its thread to end, at most {@link TrainerService#STOP}. */
    void stop() throws InterruptedException {
        stopped.set(true);
        thread.join(TrainerService.STOP.toMillis());
    }
}
