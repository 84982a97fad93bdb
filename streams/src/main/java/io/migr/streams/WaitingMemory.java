package io.migr.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory outside the heap that waiting halves take, for all partitions of a process together: the default is
 * about 100 MB for each partition. More than that waits on disk. Kafka Streams makes an instance for each store.
 */
public final class WaitingMemory implements RocksDBConfigSetter {
    private static final long BYTES = 96L << 20;
    /** Of these for what was written last; most halves are sent and deleted before it reaches the disk. */
    private static final long WRITES = 64L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(BYTES);
    private static final WriteBufferManager WRITTEN = new WriteBufferManager(WRITES, CACHE);

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        ((BlockBasedTableConfig) options.tableFormatConfig())
                .setBlockCache(CACHE)
                .setCacheIndexAndFilterBlocks(true);
        options.setWriteBufferManager(WRITTEN);
    }

    /** Closes nothing: cache and buffers belong to all stores of the process. */
    @Override
    public void close(String store, Options options) {}
}
