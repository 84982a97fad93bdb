package io.migr.runtime.kafka;

import io.migr.schemas.Topic;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;

/**
 * Whether a record fits in a topic: the only place that knows what a record takes besides its value. A record of a
 * sender may have {@link Topic#MAX_MESSAGE_BYTES}; what is made of it (halves, a joined request, results, an example, a
 * dead letter) can be larger, and a producer that is given more than that fails, with everything else in its
 * transaction.
 */
public final class RecordSize {
    /** What a batch of one record takes besides keys, values and headers, bytes: 61 and at most 21 of framing. */
    private static final int FRAMING = 128;
    /** What a header takes besides its name and value, bytes. */
    private static final int HEADER_FRAMING = 10;
    /**
     * What a value that is written must leave free, bytes: for framing, the key, a header, and what the pair step adds to
     * a joined request, which are the reasons for what is missing and the baseline.
     */
    private static final int HEAD_ROOM = 64 << 10;

    /** The largest value that is written, bytes. Dead letters are checked with their headers instead. */
    public static final int LARGEST_VALUE = Topic.MAX_MESSAGE_BYTES - HEAD_ROOM;

    private RecordSize() {}

    /** Whether a value of this size can be written with a key of ours and what later steps add to it. */
    public static boolean fits(byte[] value) {
        return value == null || value.length <= LARGEST_VALUE;
    }

    /** Whether a record fits in a topic as it is. */
    static boolean fits(int keyBytes, byte[] value, Headers headers) {
        long bytes = (long) FRAMING + keyBytes + (value == null ? 0 : value.length);
        for (Header header : headers) {
            bytes += HEADER_FRAMING
                    + Utils.utf8Length(header.key())
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes <= Topic.MAX_MESSAGE_BYTES;
    }
}
