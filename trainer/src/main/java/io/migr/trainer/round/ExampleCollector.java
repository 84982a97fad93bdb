package io.migr.trainer.round;

import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipKey;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.round.ExampleLog.Place;
import io.migr.trainer.round.ExampleWindow.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects a round's clips in its folder. The ranges are read twice, first for the labels, then for the media of the
 * chosen clips, so memory holds only one entry for each clip of the ranges and the media of one batch.
 */
final class ExampleCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ExampleCollector.class);
    private static final int LOGGED = 5;

    private final RoundPlan plan;
    private final ExampleLog log;
    private final EmotionModel model;
    private final Path folder;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private int unreadable;
    private int complaints;

    /** {@code model} measures the clips and determines the label set. */
    ExampleCollector(RoundPlan plan, ExampleLog log, EmotionModel model, Path folder) {
        AvroSafety.set();
        this.plan = plan;
        this.log = log;
        this.model = model;
        this.folder = folder;
    }

    ExampleCounts run() throws IOException {
        log.read(plan.ranges(), new Survey());
        ExampleWindow window = ExampleWindow.of(
                entries.values(), plan.recipe().window(), plan.recipe().heldOut());
        int heldOut;
        try (FeedbackLibrary.Writer training = new FeedbackLibrary.Writer(model, folder);
                DataFileWriter<TrainingExample> judged =
                        new DataFileWriter<>(new SpecificDatumWriter<>(TrainingExample.class))) {
            judged.create(
                    TrainingExample.getClassSchema(),
                    folder.resolve(HeldOutClips.FILE).toFile());
            Collecting collecting = new Collecting(window, training, judged);
            log.read(plan.ranges(), collecting);
            heldOut = collecting.heldOut;
            judged.close();
            try (FeedbackLibrary library = training.finish()) {
                return new ExampleCounts(
                        entries.size() + foreign.size(),
                        foreign.size(),
                        unreadable,
                        library.size(),
                        library.unusable().size(),
                        heldOut);
            }
        }
    }

    private void refuse(Place place, String why) {
        unreadable++;
        complain(place, why);
    }

    private void complain(Place place, String why) {
        if (++complaints <= LOGGED) {
            LOG.warn(
                    "The training example at offset {} of partition {} is skipped: {}",
                    place.offset(),
                    place.partition(),
                    why);
        }
    }

    /** Reads the labels; the last record of a clip counts. */
    private final class Survey implements ExampleLog.Reader {
        @Override
        public void example(Place place, long timestamp, TrainingExample example) {
            String clip = ClipKey.name(example.getClip());
            List<Emotion> known = model.config().labels();
            Optional<Emotion> label = ExampleReader.label(example, known);
            if (label.isPresent()) {
                foreign.remove(clip);
                entries.put(clip, new Entry(place, timestamp, clip, label.get()));
            } else {
                foreign.add(clip);
                entries.remove(clip);
                complain(
                        place,
                        "the model has no word for the label " + example.getEmotion() + " of clip " + clip
                                + "; it knows " + known + ".");
            }
        }

        @Override
        public void unreadable(Place place, String why) {
            refuse(place, why);
        }
    }

    /** Reads the media of the chosen clips. */
    private final class Collecting implements ExampleLog.Reader {
        private final ExampleWindow window;
        private final FeedbackLibrary.Writer training;
        private final DataFileWriter<TrainingExample> judged;
        private int heldOut;

        Collecting(ExampleWindow window, FeedbackLibrary.Writer training, DataFileWriter<TrainingExample> judged) {
            this.window = window;
            this.training = training;
            this.judged = judged;
        }

        @Override
        public void example(Place place, long timestamp, TrainingExample example) throws IOException {
            boolean judges = window.heldOut().contains(place);
            if (!judges && !window.training().contains(place)) {
                return;
            }
            LabelledClip clip;
            try {
                clip = ExampleReader.clip(
                        example,
                        ExampleReader.label(example, model.config().labels()).orElseThrow());
            } catch (IllegalArgumentException e) {
                refuse(place, e.getMessage());
                return;
            }
            if (judges) {
                judged.append(example);
                heldOut++;
            } else {
                training.add(clip);
            }
        }

        @Override
        public void unreadable(Place place, String why) {
            // already counted by the survey
        }
    }
}
