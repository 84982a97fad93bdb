package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InboxTest {

    @Test
    void pausesWhenFullAndResumesWhenHalfIsFree() throws InterruptedException {
        Inbox inbox = new Inbox(4);
        for (int i = 0; i < 3; i++) {
            inbox.add(List.of(Fakes.damaged(i)));
        }
        assertFalse(inbox.full());
        inbox.add(List.of(Fakes.damaged(3)));
        assertTrue(inbox.full());
        assertEquals(1, inbox.take(1, Duration.ZERO).size());
        assertTrue(inbox.full(), "three of four are still there");
        inbox.take(1, Duration.ZERO);
        assertFalse(inbox.full());
    }

    @Test
    void aBatchIsReturnedWhenFullOrAfterTheWait() throws InterruptedException {
        Inbox inbox = new Inbox(10);
        inbox.add(List.of(Fakes.damaged(0), Fakes.damaged(1), Fakes.damaged(2)));
        assertEquals(2, inbox.take(2, Duration.ofMinutes(1)).size());
        assertEquals(2, inbox.take(2, Duration.ofMillis(5)).get(0).offset());
    }

    @Test
    void recordsAfterAFailedBatchAreIgnoredUntilTheBatchIsReadAgain() throws InterruptedException {
        Inbox inbox = new Inbox(10);
        inbox.add(List.of(Fakes.damaged(0), Fakes.damaged(1)));
        inbox.take(1, Duration.ZERO);
        inbox.refuse();
        inbox.add(List.of(Fakes.damaged(2)));
        assertEquals(0, inbox.size());
        inbox.accept();
        inbox.add(List.of(Fakes.damaged(0)));
        assertEquals(0, inbox.take(5, Duration.ZERO).get(0).offset());
    }

    @Test
    void recordsOfRevokedPartitionsAreDroppedAndClosingEndsTheWait() throws InterruptedException {
        Inbox inbox = new Inbox(10);
        inbox.add(List.of(Fakes.damaged(0)));
        inbox.drop(List.of(new TopicPartition(Fakes.REQUESTS, 0)));
        assertEquals(0, inbox.size());
        Thread closer = new Thread(inbox::close);
        closer.start();
        assertTrue(inbox.take(1, Duration.ZERO).isEmpty());
        closer.join();
    }
}
