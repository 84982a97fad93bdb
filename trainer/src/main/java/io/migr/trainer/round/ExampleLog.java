package io.migr.trainer.round;

import io.migr.schemas.TrainingExample;
import java.io.IOException;
import java.util.List;


/** The topic of labelled examples: its log is what rounds learn from, and learn from again. */
public interface ExampleLog {

    /** Where a record lies. */
    record Place(int partition, long offset) {}

    /** Is told of records, partition after partition, in the order of offsets. */
    interface Reader {
        /**
         * An example.
         *
         * @param timestamp of the record, ms
         */
        void example(Place place, long timestamp, TrainingExample example) throws IOException;

        /** A record that is no example. */
        void unreadable(Place place, String why);
    }

    /** Ranges of about so many of the newest records, shared among partitions. */
    List<ExampleRange> newest(int records);

    /**
     * Reads all records of some ranges.
     *
     * @throws ExamplesGoneException when not all of a range is there any more
     */
    void read(List<ExampleRange> ranges, Reader reader) throws IOException;
}
