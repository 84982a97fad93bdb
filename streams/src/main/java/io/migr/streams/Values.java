package io.migr.streams;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Where serdes of values come from. */
interface Values {
    <T extends SpecificRecord> Serde<T> of(Class<T> type);
}
