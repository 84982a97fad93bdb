package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ServingModelTest {
    private final Fakes.Analyser first = new Fakes.Analyser("a");
    private final Fakes.Analyser second = new Fakes.Analyser("b");
    private final CountDownLatch woken = new CountDownLatch(1);
    private final ServingModel model = new ServingModel(first, woken::countDown);

    private FutureTask<Boolean> replacing() throws InterruptedException {
        FutureTask<Boolean> replacing = new FutureTask<>(() -> model.replace(second));
        new Thread(replacing, "loader").start();
        woken.await();
        return replacing;
    }

    @Test
    void theOldModelIsClosedByTheThreadThatSwaps() throws Exception {
        assertSame(first, model.current());
        FutureTask<Boolean> replacing = replacing();
        assertFalse(first.closed, "it serves until the swap");
        assertFalse(replacing.isDone());
        assertSame(second, model.current());
        assertTrue(replacing.get());
        assertEquals(Thread.currentThread().getName(), first.closedBy);
        assertSame(second, model.current());
        model.close();
        assertTrue(second.closed);
    }

    @Test
    void aModelThatArrivesTooLateIsClosedToo() throws Exception {
        FutureTask<Boolean> replacing = replacing();
        model.close();
        assertFalse(replacing.get());
        assertTrue(first.closed);
        assertEquals("loader", second.closedBy);
        assertFalse(model.replace(new Fakes.Analyser("c")), "a later one must not wait forever either");
    }
}
