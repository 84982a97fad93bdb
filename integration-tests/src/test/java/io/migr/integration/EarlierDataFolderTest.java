package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ArtifactStore.Artifact;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.ClipId;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.TrainingProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} on the data of a release whose topics carried media by default, with a live version that needs it. */
@Tag("slow")
class EarlierDataFolderTest {
    private static final Path TINY = Path.of("").toAbsolutePath().resolveSibling("model/weights/tiny");
    private static final String LIVE = "taught-by-us";
    private static final Duration LONGEST = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private byte[] media;

    @Test
    void itStartsNamesTheSettingInOneLineAndServesTheShippedModel() throws Exception {
        media = Clips.mp4(0);
        leaveDataOfTheReleaseBefore();
        int kafka = BrokerProcess.freePort();
        int registry = BrokerProcess.freePort();
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx1g"));
        command.addAll(List.of(
                "up",
                "--data-folder",
                data().toString(),
                "--embedded-kafka-port",
                String.valueOf(kafka),
                "--embedded-registry-port",
                String.valueOf(registry),
                "--http-port",
                "0"));
        Broker broker = new Broker("127.0.0.1:" + kafka, "http://127.0.0.1:" + registry);
        try (ServiceProcess up = ServiceProcess.start("up", command)) {
            up.await("ready:");
            Configuration now = broker.configuration(
                    "migr",
                    Map.of(
                            Key.DATA_FOLDER,
                            data().toString(),
                            Key.TRAINER_STEPS,
                            "0",
                            Key.TRAINER_REWARD_STEPS,
                            "0",
                            Key.TRAINER_VALIDATION_CLIPS,
                            "20"));
            KafkaClients clients = new KafkaClients(now);
            String shipped = EmotionModel.version(InstallationFolders.model(Configuration.of(Map.of())));
            assertEquals(shipped, answered(clients, 1).getModelVersion());
            List<String> lines = up.output()
                    .lines()
                    .filter(line -> line.contains("Version " + LIVE))
                    .toList();
            assertEquals(1, lines.size(), up.output());
            assertTrue(
                    lines.get(0).contains("needs media, which features.carry=cues keeps from the topics"), lines + "");
            assertTrue(lines.get(0).contains("until all services have features.carry=media"), lines.toString());
            // the clip in cues is one that the shipped model can use; the live one could not
            TrainingProgress end = round(now, clients);
            assertTrue(end.getRound().startsWith("people-"), end.toString());
            assertTrue(end.getText().contains("There are 1 labelled clips that this model can use"), end.toString());
        }
    }

    /** The end of a round with a label of the new clip alone. */
    private TrainingProgress round(Configuration configuration, KafkaClients clients) throws Exception {
        try (Clips clips = new Clips(clients);
                Training following = new Training(clients);
                ServiceProcess trainer = ServiceProcess.start("trainer", configuration)) {
            clips.label(new ClipId("call", "ann", 1L), "bob", Emotion.SAD);
            FirstRecord.of(clients, Topic.TRAINING_EXAMPLES, TrainingExample.class, "call/ann");
            trainer.awaitReady();
            following.ask(clips);
            return following.await(Training.ENDED, LONGEST);
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** A broker's data with a clip that the live version, a model of pictures and sound, has answered. */
    private void leaveDataOfTheReleaseBefore() throws Exception {
        Configuration before = Configuration.of(Map.of(
                "embedded.kafka.port",
                "0",
                "embedded.registry.port",
                "0",
                "data.folder",
                data().toString(),
                "features.carry",
                "media",
                "model.folder",
                TINY.toString()));
        try (LocalPlatform platform = LocalPlatform.start(before, data())) {
            ModelRegistry versions = new ModelRegistry(platform.clients(), EmotionModel.version(TINY), "test");
            Artifact kept = new FolderStore(folder.resolve("models")).put(TINY);
            versions.add(ModelSwapTest.candidateOf(LIVE, kept).build(), "It is a test.");
            versions.promote(LIVE, "It is a test.", false);
            platform.serve();
            assertEquals(LIVE, answered(platform.clients(), 0).getModelVersion());
        }
    }

    /** Sends a clip and waits for its prediction. */
    private EmotionPrediction answered(KafkaClients clients, long sequence) throws Exception {
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            String name = clips.send("ann", sequence, media);
            committed.until(() -> committed.predicted(name).contains(name), LONGEST);
            return committed.predictions.stream()
                    .filter(one -> one.getClip().getSequence() == sequence)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
