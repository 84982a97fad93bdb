package io.migr.trainer.round;

/** What a trainer that holds the partition of requests is doing. Times are {@link System#nanoTime}. */
sealed interface TrainerState {

    /** The same, where another trainer may have used examples or begun a round meanwhile. */
    TrainerState recount();

    /**
     * It does not know which examples are new, nor whether a round was begun: both are looked up before anything else.
     *
     * @param from not before this time
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
     * @param from no round begins before this time
     */
    record Waiting(long from) implements TrainerState {
        @Override
        public TrainerState recount() {
            return new Recounting(from);
        }
    }

    /**
     * A round runs.
     *
     * @param counted whether the count of new examples is still right when it ends
     */
    record Working(RunningRound round, boolean counted) implements TrainerState {
        @Override
        public TrainerState recount() {
            return new Working(round, false);
        }
    }
}
