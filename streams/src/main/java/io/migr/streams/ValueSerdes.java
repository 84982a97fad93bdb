package io.migr.streams;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Provides the serdes of values. */
interface ValueSerdes {
    <T extends SpecificRecord> Serde<T> of(Class<T> type);
}
