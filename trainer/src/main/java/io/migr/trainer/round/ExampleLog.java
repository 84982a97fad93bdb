package io.migr.trainer.round;

import io.migr.schemas.TrainingExample;
import java.io.IOException;
import java.util.List;

/** The topic of labelled examples. A range of it has the same records whenever it is read, until they are deleted. */
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

    /**
     * The ranges of the newest records.
     *
     * @param records number of records, divided equally among the partitions; a range may have fewer examples, because
     *     offsets also count transaction markers
     */
    List<ExampleRange> newest(int records);

    /**
     * Reads all records of the ranges.
     *
     * @throws ExamplesGoneException if part of a range has been deleted from the topic
     */
    void read(List<ExampleRange> ranges, Reader reader) throws IOException;
}
