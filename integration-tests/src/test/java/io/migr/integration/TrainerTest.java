package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Split;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.Emotion;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingStage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs trainers in their own processes and kills them with SIGKILL. */
@Tag("long")
@ExtendWith(SharedBroker.class)
class TrainerTest {
    private static final Path TINY = Path.of("").toAbsolutePath().resolveSibling("model/weights/tiny");
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final int EXAMPLES = 24;

    @TempDir
    Path folder;

    private Configuration configuration(Broker broker, String own) {
        return broker.configuration(
                "rounds",
                Map.ofEntries(
                        Map.entry(Key.TRAINER_GROUP, "rounds-trainer"),
                        Map.entry(Key.TRAINER_FOLDER, folder.resolve(own).toString()),
                        Map.entry(Key.MODELS_STORE, folder.resolve("store").toString()),
                        Map.entry(Key.MODEL_FOLDER, TINY.toString()),
                        Map.entry(Key.FEATURES_CARRY, "media"),
                        Map.entry(Key.TRAINER_NEW_EXAMPLES, String.valueOf(EXAMPLES)),
                        Map.entry(Key.TRAINER_REHEARSAL_CLIPS, "16"),
                        Map.entry(Key.TRAINER_STEPS, "12"),
                        Map.entry(Key.TRAINER_REWARD_STEPS, "1"),
                        Map.entry(Key.TRAINER_VALIDATION_CLIPS, "20")));
    }

    @Test
    void aRoundThatIsKilledAndTakenOverIsPublishedOnce(Broker broker) throws Exception {
        Configuration first = configuration(broker, "first");
        KafkaClients clients = Broker.clients(first);
        ModelRegistry registry = new ModelRegistry(clients, EmotionModel.version(TINY), "test");
        try (Clips clips = new Clips(clients);
                Training following = new Training(clients)) {
            for (int i = 0; i < EXAMPLES; i++) {
                Emotion label = Emotion.values()[1 + i % 7];
                Labelled.send(clips, clients, Labelled.example("p" + i % 3, i, Split.RL.seed(i), label));
            }
            // there are enough examples: a round begins automatically
            TrainingProgress tuning;
            try (ServiceProcess trainer = ServiceProcess.start("trainer", first)) {
                tuning = following.await(one -> one.getStage() == TrainingStage.FINE_TUNING, LONGEST);
                trainer.kill();
            }
            assertEquals(List.of(), registry.versions().all());
            // another trainer, which has no files of that round, then the first one again
            following.ask(clips);
            try (ServiceProcess other = ServiceProcess.start("trainer", configuration(broker, "second"))) {
                TrainingProgress taken = following.await(one -> one.getStage() == TrainingStage.FROZEN, LONGEST);
                assertEquals(tuning.getRound(), taken.getRound());
                try (ServiceProcess standby = ServiceProcess.start("trainer", first)) {
                    standby.awaitReady();
                    TrainingProgress end = following.await(Training.ENDED, LONGEST);
                    assertEquals(tuning.getRound(), end.getRound());
                    other.kill();
                    // it still has the round's files, and finds that the round was published
                    TrainingProgress found = following.await(Training.ENDED, LONGEST);
                    assertEquals(end.getStage(), found.getStage());
                    assertEquals(end.getRound(), found.getRound());
                    String answer = ServiceProcess.migr(first, "train", "now");
                    assertTrue(answer.contains("No labelled example is new since the last round."), answer);
                    standby.kill();
                    // the group keeps the killed member until its session times out
                    String waiting = ServiceProcess.migr(first, "train", "now");
                    assertTrue(waiting.contains("No trainer is running."), waiting);
                }
            }
            List<ModelVersion> versions = registry.versions().all();
            assertEquals(1, versions.size(), versions.toString());
            ModelVersion version = versions.get(0);
            assertEquals(tuning.getRound(), version.getId());
            assertTrue(version.getTrainedOn().size() <= 2
                    && !version.getTrainedOn().isEmpty());
        }
    }
}
