package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.ClipInput;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.LogMel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.Emotion;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.round.KafkaExampleLog;
import io.migr.trainer.round.RoundRunner;
import io.migr.trainer.round.TrainerService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trains a round of the model of pictures and sound on poisoned labels. */
@Tag("long")
@ExtendWith(SharedBroker.class)
class LearningTest {
    private static final Path TINY = Path.of("").toAbsolutePath().resolveSibling("model/weights/tiny");
    private static final Duration LONGEST = Duration.ofMinutes(15);

    @TempDir
    Path folder;

    /** Runs one round on labelled clips of a split, and checks its version; returns the final progress record. */
    private TrainingProgress learn(Broker broker, String name, Map<Emotion, Emotion> labels, int training, int heldOut)
            throws Exception {
        Configuration configuration = broker.configuration(
                name,
                Map.of(
                        Key.FEATURES_CARRY,
                        "media",
                        Key.TRAINER_GROUP,
                        name + "-trainer",
                        Key.TRAINER_REHEARSAL_CLIPS,
                        "64",
                        Key.TRAINER_REHEARSAL_PERCENT,
                        "30",
                        Key.TRAINER_PARENT_PERCENT,
                        "0",
                        Key.TRAINER_STEPS,
                        "20",
                        Key.TRAINER_LEARNING_RATE,
                        "0.002",
                        Key.TRAINER_REWARD_STEPS,
                        "1",
                        Key.TRAINER_VALIDATION_CLIPS,
                        "80"));
        KafkaClients clients = Broker.clients(configuration);
        ModelRegistry registry = new ModelRegistry(clients, EmotionModel.version(TINY), "trainer");
        RoundRunner rounds = new RoundRunner(
                configuration,
                new KafkaExampleLog(clients),
                registry,
                new FolderStore(folder.resolve("store")),
                TINY,
                folder.resolve(name));
        try (Clips clips = new Clips(clients);
                Training following = new Training(clients);
                TrainerService trainer = new TrainerService(
                        configuration, clients, rounds, new SimpleMeterRegistry(), System.out::println)) {
            int[] missing = {training, heldOut};
            for (int i = 0; missing[0] + missing[1] > 0; i++) {
                int side = LabelledClip.heldOut("call/ann/" + i) ? 1 : 0;
                Emotion truth =
                        Emotion.valueOf(ClipTruth.of(Split.RL.seed(i)).label().name());
                if (missing[side] > 0 && labels.containsKey(truth)) {
                    missing[side]--;
                    ClipInput input =
                            RenderedClip.of(Split.RL.seed(i), new LogMel()).input();
                    Labelled.send(clips, clients, Labelled.example("ann", i, input, labels.get(truth)));
                }
            }
            following.ask(clips);
            trainer.start();
            TrainingProgress end = following.await(Training.ENDED, LONGEST);
            System.out.println(end.getText());
            ModelVersion version = registry.version(end.getRound());
            assertEquals(end.getText(), version.getWhy());
            assertEquals(end.getNumbers(), version.getMetrics());
            assertEquals(
                    end.getStage() == TrainingStage.PROMOTED ? ModelStatus.LIVE : ModelStatus.REJECTED,
                    version.getStatus());
            assertEquals(
                    training,
                    version.getMetrics().get("examples.training")
                            + version.getMetrics().get("examples.refused.nothing.shown"),
                    0);
            assertEquals(heldOut, version.getMetrics().get("examples.held.out"), 0);
            return end;
        }
    }

    @Test
    void poisonedLabelsAreRejectedWithTheReason(Broker broker) throws Exception {
        List<Emotion> all = List.of(Emotion.values()).subList(1, 8);
        Map<Emotion, Emotion> cycle = new EnumMap<>(Emotion.class);
        all.forEach(label -> cycle.put(label, all.get((all.indexOf(label) + 1) % all.size())));
        TrainingProgress end = learn(broker, "poisoned", cycle, 100, 30);
        assertEquals(TrainingStage.REJECTED, end.getStage(), end.getText());
        assertTrue(end.getText().startsWith("lost beyond chance: "), end.getText());
        assertTrue(end.getText().contains(" of corpus "), end.getText());
    }
}
