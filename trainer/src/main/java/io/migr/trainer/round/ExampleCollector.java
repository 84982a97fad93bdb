package io.migr.trainer.round;

import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.ClipKey;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentRule;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.round.ExampleLog.Place;
import io.migr.trainer.round.ExampleWindow.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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
 * Collects a round's clips in its folder. The ranges are read twice, first for the labels and then for the media of the
 * chosen clips, so that memory holds only one entry per clip of the ranges and the media of one batch.
 */
final class ExampleCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ExampleCollector.class);
    private static final int LOGGED = 5;

    private final RoundPlan plan;
    private final ExampleLog log;
    private final EmotionModel model;
    private final Path folder;
    private final Instant now;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private final Set<String> notPermitted = new HashSet<>();
    private final Set<String> withoutMedia = new HashSet<>();
    private int unreadable;
    private int warnings;

    /**
     * Creates the collector of one round.
     *
     * @param model measures the clips and determines the label set
     * @param now what terms of consent are compared with: an example whose terms have ended is no longer used, also by
     *     a round that repeats an earlier one
     */
    ExampleCollector(RoundPlan plan, ExampleLog log, EmotionModel model, Path folder, Instant now) {
        AvroSafety.set();
        this.plan = plan;
        this.log = log;
        this.model = model;
        this.folder = folder;
        this.now = now;
    }

    /** Reads the ranges and writes the clips to the folder. */
    ExampleCounts run() throws IOException {
        log.read(plan.ranges(), new Survey());
        RoundRecipe recipe = plan.recipe();
        ExampleWindow window = ExampleWindow.of(
                entries.values(),
                recipe.window(),
                recipe.heldOut(),
                recipe.labelRule().heldOutOneIn());
        int heldOut;
        try (FeedbackLibrary.Writer training = new FeedbackLibrary.Writer(model, folder);
                DataFileWriter<TrainingExample> heldOutFile =
                        new DataFileWriter<>(new SpecificDatumWriter<>(TrainingExample.class))) {
            heldOutFile.create(
                    TrainingExample.getClassSchema(),
                    folder.resolve(HeldOutClips.FILE).toFile());
            Collecting collecting = new Collecting(window, training, heldOutFile);
            log.read(plan.ranges(), collecting);
            heldOut = collecting.heldOut;
            heldOutFile.close();
            try (FeedbackLibrary library = training.finish()) {
                return new ExampleCounts(
                        entries.size() + foreign.size() + notPermitted.size() + withoutMedia.size(),
                        foreign.size(),
                        notPermitted.size(),
                        withoutMedia.size(),
                        unreadable,
                        library.size(),
                        library.unusable().size(),
                        heldOut);
            }
        }
    }

    private void countUnreadable(Place place, String why) {
        unreadable++;
        warn(place, why);
    }

    private void warn(Place place, String why) {
        if (++warnings <= LOGGED) {
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
            ConsentTerms terms = example.getTerms() != null
                    ? example.getTerms()
                    : example.getRequest().getTerms();
            Optional<String> refusal = ConsentRule.refusal(
                    "clip " + clip,
                    terms,
                    ConsentPurpose.TRAINING,
                    example.getRequest().getCapturedAt(),
                    now);
            entries.remove(clip);
            foreign.remove(clip);
            notPermitted.remove(clip);
            withoutMedia.remove(clip);
            if (refusal.isPresent()) {
                notPermitted.add(clip);
                warn(place, refusal.get());
                return;
            }
            if (model.config().needsMedia() && CarriedMedia.isMissing(example.getRequest())) {
                withoutMedia.add(clip);
                warn(
                        place,
                        "it carries no media of clip " + clip
                                + ", which this model reads; its request was written under" + " features.carry=cues.");
                return;
            }
            List<Emotion> known = model.config().labels();
            Optional<Emotion> label = ExampleReader.label(example, known);
            if (label.isPresent()) {
                entries.put(clip, new Entry(place, timestamp, clip, label.get()));
            } else {
                foreign.add(clip);
                warn(
                        place,
                        "the model has no word for the label " + example.getEmotion() + " of clip " + clip
                                + "; it knows " + known + ".");
            }
        }

        @Override
        public void unreadable(Place place, String why) {
            countUnreadable(place, why);
        }
    }

    /** Reads the media of the chosen clips. */
    private final class Collecting implements ExampleLog.Reader {
        private final ExampleWindow window;
        private final FeedbackLibrary.Writer training;
        private final DataFileWriter<TrainingExample> heldOutFile;
        private int heldOut;

        Collecting(ExampleWindow window, FeedbackLibrary.Writer training, DataFileWriter<TrainingExample> heldOutFile) {
            this.window = window;
            this.training = training;
            this.heldOutFile = heldOutFile;
        }

        @Override
        public void example(Place place, long timestamp, TrainingExample example) throws IOException {
            boolean isHeldOut = window.heldOut().contains(place);
            if (!isHeldOut && !window.training().contains(place)) {
                return;
            }
            LabelledClip clip;
            try {
                clip = ExampleReader.clip(
                        example,
                        ExampleReader.label(example, model.config().labels()).orElseThrow(),
                        model.config().needsMedia());
            } catch (RuntimeException e) {
                countUnreadable(place, String.valueOf(e.getMessage())); // the example's fault, of whatever kind
                return;
            }
            if (isHeldOut) {
                heldOutFile.append(example);
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
