package io.migr.trainer.round;

import io.migr.schemas.TrainingExample;
import java.io.IOException;
import java.util.List;

/** The topic of labelled examples, which rounds read and can read again. */
public interface ExampleLog {

    /** The position of a record. */
    record Place(int partition, long offset) {}

    /** Receives records, partition by partition, in the order of offsets. */
    interface Reader {
        /**
         * Receives an example.
         *
         * @param timestamp of the record, ms
         */
        void example(Place place, long timestamp, TrainingExample example) throws IOException;

        /** Receives the position of a record that is not a readable example, and the reason. */
        void unreadable(Place place, String why);
    }

    /** Ranges of about {@code records} of the newest records, divided among partitions. */
    List<ExampleRange> newest(int records);

    /**
     * Reads all records of some ranges.
     *
     * @throws ExamplesGoneException when part of a range has been deleted from the topic
     */
    void read(List<ExampleRange> ranges, Reader reader) throws IOException;
}
