package io.migr.streams.records;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Provides the serde for a record class. */
public interface ValueSerdes {
    <T extends SpecificRecord> Serde<T> of(Class<T> type);
}
