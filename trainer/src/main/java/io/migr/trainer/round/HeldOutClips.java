package io.migr.trainer.round;

import io.migr.evaluation.measure.ClipSource;
import io.migr.evaluation.measure.EvaluationClip;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;

/** The held-out clips of a round, for evaluation, read from its folder. Of their truth only the label is known. */
final class HeldOutClips implements ClipSource, AutoCloseable {
    static final String FILE = "held-out.avro";

    private final Path file;
    private final int size;
    private final List<Emotion> labels;
    private final boolean needsMedia;
    private DataFileReader<TrainingExample> reader;
    private int next;

    HeldOutClips(Path folder, int size, EmotionModelConfig model) {
        AvroSafety.set();
        file = folder.resolve(FILE);
        this.size = size;
        labels = model.labels();
        needsMedia = model.needsMedia();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<EvaluationClip> read(int from, int to) {
        try {
            if (reader == null || next > from) {
                close();
                reader = new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(TrainingExample.class));
                next = 0;
            }
            List<EvaluationClip> samples = new ArrayList<>();
            for (; next < to; next++) {
                TrainingExample example = reader.next();
                if (next >= from) {
                    LabelledClip clip = ExampleReader.clip(
                            example, ExampleReader.label(example, labels).orElseThrow(), needsMedia);
                    samples.add(EvaluationClip.labelled(clip.id(), clip.emotion(), clip.input()));
                }
            }
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
