package io.migr.evaluation.people;

import io.migr.corpus.Clip;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeoplePosterior;
import io.migr.evaluation.measure.ClipSource;
import io.migr.evaluation.measure.EvaluationClip;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.Emotion;
import io.migr.model.cues.ClipCues;
import io.migr.model.network.LogMel;
import io.migr.model.network.PictureFile;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The first clips of a split of the drawn corpus, rendered and measured as clips of people are; no usual is known. The
 * best guess is that of the generator in cue space, which claims nothing of voices but arousal and laughter.
 */
public final class MeasuredClips implements ClipSource, AutoCloseable {
    private final Split split;
    private final int size;
    private final ClipPerception perception = new ClipPerception(true);

    public MeasuredClips(Split split, int size) {
        this.split = split;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<EvaluationClip> read(int from, int to) {
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> measured(split.seed(i)))
                .toList();
    }

    private EvaluationClip measured(long seed) {
        RenderedClip clip = RenderedClip.of(seed, new LogMel());
        ClipCues cues = new ClipCues(
                perception.face(pictures(clip.input().frames())),
                perception.voice(Clip.of(seed).samples()),
                null);
        CueReading reading = cues.reading();
        Emotion best = PeoplePosterior.best(PeoplePosterior.of(cues).both());
        return new EvaluationClip(
                String.valueOf(seed),
                clip.truth().regime().label(),
                ClipInput.of(reading),
                new CueAnnotation.Reported(
                        seed,
                        clip.truth().label(),
                        reading,
                        best,
                        null,
                        null,
                        clip.truth().oracle(),
                        null),
                best);
    }

    private static List<RgbFrame> pictures(List<byte[]> frames) {
        List<RgbFrame> pictures = new ArrayList<>();
        for (int f = 0; f < frames.size(); f++) {
            try {
                BufferedImage picture = PictureFile.read(frames.get(f));
                int time = (int) (1000 * Clip.SECONDS * f / frames.size());
                pictures.add(new RgbFrame(time, picture.getWidth(), picture.getHeight(), PictureFile.rgb(picture)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pictures;
    }

    @Override
    public void close() {
        perception.close();
    }
}
