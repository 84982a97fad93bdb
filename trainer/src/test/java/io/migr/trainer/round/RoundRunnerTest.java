package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer finds in its folder, without a broker. */
class RoundRunnerTest {
    private static final long ENDED = 5_000_000;

    @TempDir
    private Path folder;

    private RoundRunner rounds;

    @BeforeEach
    void aRoundThatEnded() throws IOException {
        Configuration configuration = Configuration.of(Map.of());
        ModelRegistry registry = new ModelRegistry(new KafkaClients(configuration), "configured", "test");
        FolderStore store = new FolderStore(folder.resolve("store"));
        rounds = new RoundRunner(configuration, new Labelled.Log(), registry, store, folder, folder);
        Path round = Files.createDirectories(folder.resolve("rounds/tiny-1"));
        Files.writeString(round.resolve("plan.json"), "{\"recipe\":null,\"ranges\":[],\"request\":7}");
        Path end = round.resolve("end.json");
        Files.writeString(
                end,
                "{\"stage\":\"PROMOTED\",\"version\":\"tiny-1\",\"text\":\"gained\",\"numbers\":{},\"request\":7}");
        Files.setLastModifiedTime(end, FileTime.fromMillis(ENDED));
    }

    private Optional<String> answer(long request, long askedAt) throws IOException {
        return rounds.findAnswer(request, askedAt).map(RoundRunner.End::version);
    }

    @Test
    void aRequestIsAnsweredOnce() throws IOException {
        assertEquals(Optional.of("tiny-1"), answer(7, ENDED - 1000));
        assertEquals(Optional.of("tiny-1"), answer(6, ENDED - 1000), "it came before the answered one");
        assertEquals(Optional.empty(), answer(8, ENDED - 1000), "it came after the round had started");
        assertEquals(Optional.empty(), answer(0, ENDED + 1000), "the topic was created again");
    }

    @Test
    void aRoundWithoutARequestAnswersNone() throws IOException {
        Path end = folder.resolve("rounds/tiny-1/end.json");
        Files.writeString(end, Files.readString(end).replace("\"request\":7", "\"request\":null"));
        assertEquals(Optional.empty(), answer(0, ENDED - 1000));
    }
}
