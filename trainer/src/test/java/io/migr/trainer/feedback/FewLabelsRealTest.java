package io.migr.trainer.feedback;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.cues.ClipCues;
import io.migr.model.network.PictureFile;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fits few numbers of the shipped model to labelled pictures of people, each person left out in turn. Nothing of it is
 * kept.
 */
@Tag("slow")
final class FewLabelsRealTest {
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "people");
    private static final int CORPUS_CLIPS = 300;

    @TempDir
    private Path folder;

    @Test
    void peopleWhoAreLeftOutAreNotExpectedLess() throws IOException {
        String real = System.getProperty("migr.real");
        assumeTrue(real != null, "-Dmigr.real names no folder of labelled pictures");
        EmotionModel model = EmotionModel.load(WEIGHTS, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model);
                FeedbackLibrary.Writer writer = new FeedbackLibrary.Writer(model, folder)) {
            List<LabelledClip> faces =
                    faces(Path.of(real, "faces"), model.config().labels());
            for (LabelledClip face : faces) {
                writer.add(face);
            }
            try (FeedbackLibrary library = writer.finish()) {
                FewLabels labels = new FewLabels(analyser, model.config(), library, List.of(), CORPUS_CLIPS);
                List<Outcome> before = labels.before();
                List<Outcome> after = labels.crossValidated(done -> {});
                long people = faces.stream()
                        .map(face -> face.id().split("/")[1])
                        .distinct()
                        .count();
                String text = String.format(
                        Locale.ROOT,
                        "%d clear faces of %d people, each person left out: log-loss %.3f -> %.3f, accuracy %.3f ->"
                                + " %.3f; all: %s",
                        before.size(),
                        people,
                        of(Metric.LOG_LOSS, before),
                        of(Metric.LOG_LOSS, after),
                        of(Metric.WAR, before),
                        of(Metric.WAR, after),
                        labels.fit().numbers(model.config().labels()));
                System.out.println(text);
                assertTrue(of(Metric.LOG_LOSS, after) <= of(Metric.LOG_LOSS, before), text);
            }
        }
    }

    private static double of(Metric metric, List<Outcome> clips) {
        return metric.of(clips, Perspective.SERVED);
    }

    /** The stills whose expression the labeller named and saw clearly, and that perception could use. */
    private static List<LabelledClip> faces(Path folder, List<Emotion> known) throws IOException {
        List<LabelledClip> faces = new ArrayList<>();
        try (ClipPerception perception = new ClipPerception(true)) {
            for (JsonNode entry : new ObjectMapper()
                    .readTree(folder.resolve("labels.json").toFile())
                    .path("entries")) {
                Optional<Emotion> label = known.stream()
                        .filter(one ->
                                one.word().equals(entry.path("expression").asText()))
                        .findFirst();
                if (!entry.path("kind").asText().equals("still")
                        || entry.path("confidence").asText().equals("low")
                        || label.isEmpty()) {
                    continue;
                }
                BufferedImage picture =
                        ImageIO.read(folder.resolve(entry.path("file").asText()).toFile());
                RgbFrame frame = new RgbFrame(0, picture.getWidth(), picture.getHeight(), PictureFile.rgb(picture));
                ClipCues cues = new ClipCues(perception.face(List.of(frame)), null, null);
                faces.add(new LabelledClip(
                        "real/" + entry.path("person").asText().replace('/', '-') + "/" + faces.size(),
                        label.get(),
                        ClipInput.of(cues.reading())));
            }
        }
        return faces;
    }
}
