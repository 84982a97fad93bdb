package io.migr.trainer.round;

/** What a trainer that has the partition of requests is doing. Times are those of {@link System#nanoTime}. */
sealed interface TrainerState {

    /** The state after the partition was assigned again: another trainer may have used examples or started a round. */
    TrainerState recount();

    /**
     * It is about to look up which examples are new, and whether a round was started and has not ended.
     *
     * @param from the earliest time for this
     */
    record Recounting(long from) implements TrainerState {
        @Override
        public TrainerState recount() {
            return this;
        }
    }

    /**
     * It counts new examples and waits until a round is due.
     *
     * @param from no round starts before this time
     */
    record Waiting(long from) implements TrainerState {
        @Override
        public TrainerState recount() {
            return new Recounting(from);
        }
    }

    /**
     * A round is running.
     *
     * @param counted whether the count of new examples is still valid when the round ends
     */
    record Working(RunningRound round, boolean counted) implements TrainerState {
        @Override
        public TrainerState recount() {
            return new Working(round, false);
        }
    }
}
