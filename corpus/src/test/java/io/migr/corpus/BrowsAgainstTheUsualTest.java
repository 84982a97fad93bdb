package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.migr.corpus.FacePainter.Pose;
import io.migr.features.ClipFeatures;
import io.migr.features.FfmpegExtractor;
import io.migr.features.MediaLimits;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.perception.face.FaceBaseline;
import io.migr.perception.face.FacePerception;
import io.migr.perception.face.RgbFrame;
import io.migr.schemas.BaselineUnit;
import io.migr.schemas.FaceCues;
import io.migr.schemas.MeasuredUnit;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How well brow units tell raised and lowered brows from others, over clips of several people who begin neutral: by
 * their values, and by the difference to the same person's usual.
 */
@Tag("slow")
class BrowsAgainstTheUsualTest {
    private static final int[] BROWS = {1, 2, 4};
    private static final int PEOPLE = 24;

    private static FacePerception perception;

    @BeforeAll
    static void load() {
        perception = new FacePerception(false);
    }

    @AfterAll
    static void close() {
        perception.close();
    }

    /** Values and differences of a unit where it is shown and where it is not. */
    private static final class Scores {
        private final List<Double> shown = new ArrayList<>();
        private final List<Double> shownRelative = new ArrayList<>();
        private final List<Double> other = new ArrayList<>();
        private final List<Double> otherRelative = new ArrayList<>();

        void add(int unit, boolean shows, FaceCues clip, FaceBaseline baseline) {
            OptionalDouble usual = baseline.usual(unit);
            for (MeasuredUnit one : clip.getUnits()) {
                if (one.getActionUnit() == unit && usual.isPresent()) {
                    (shows ? shown : other).add((double) one.getValue());
                    (shows ? shownRelative : otherRelative).add(one.getValue() - usual.getAsDouble());
                }
            }
        }

        /** Prints both areas under the ROC curve; by how much the relative one is larger. */
        double gain(String people, int unit) {
            double absolute = auc(shown, other);
            double relative = auc(shownRelative, otherRelative);
            System.out.printf(
                    "%s, unit %d: %d with it, %d without; AUC %.3f, against the usual %.3f%n",
                    people, unit, shown.size(), other.size(), absolute, relative);
            return relative - absolute;
        }
    }

    private static void assertNotWorse(String people, Scores[] scores) {
        double[] gains = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            gains[i] = scores[i].gain(people, BROWS[i]);
        }
        assertTrue(Arrays.stream(gains).sum() >= 0, people + ": " + Arrays.toString(gains));
        // half a clip in a hundred is chance
        assertTrue(Arrays.stream(gains).allMatch(gain -> gain > -0.005), people + ": " + Arrays.toString(gains));
    }

    /** The chance that one of the first is greater than one of the second; equal ones count half. */
    private static double auc(List<Double> first, List<Double> second) {
        double wins = 0;
        for (double one : first) {
            for (double two : second) {
                wins += one > two ? 1 : one == two ? 0.5 : 0;
            }
        }
        return wins / (first.size() * (double) second.size());
    }

    @Test
    void drawnPeople() {
        Scores[] scores = {new Scores(), new Scores(), new Scores()};
        for (int person = 0; person < PEOPLE; person++) {
            SplittableRandom random = new SplittableRandom(person);
            FacePainter painter = new FacePainter(FaceLook.of(20_000 + person, false), 224);
            List<List<BaselineUnit>> neutral = new ArrayList<>();
            for (int i = 0; i < FaceBaseline.USEFUL_CLIPS; i++) {
                neutral.add(FaceBaseline.numbers(clip(painter, new double[DrawnFaceCues.UNITS.length], random)));
            }
            neutral.removeIf(List::isEmpty);
            if (neutral.size() < FaceBaseline.USEFUL_CLIPS) {
                continue;
            }
            FaceBaseline baseline = FaceBaseline.of(neutral);
            for (int shown : new int[] {0, 1, 2, 4, 12, 26}) {
                double[] units = new double[DrawnFaceCues.UNITS.length];
                if (shown != 0) {
                    units[DrawnFaceCues.index(shown)] = 0.3 + 0.5 * random.nextDouble();
                }
                FaceCues cues = clip(painter, units, random);
                for (int i = 0; i < BROWS.length; i++) {
                    scores[i].add(BROWS[i], BROWS[i] == shown, cues, baseline);
                }
            }
        }
        assertNotWorse("drawn people", scores);
    }

    private static FaceCues clip(FacePainter painter, double[] units, SplittableRandom random) {
        List<RgbFrame> frames = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Pose pose = new Pose(
                    0.01 * random.nextGaussian(),
                    0.01 * random.nextGaussian(),
                    0.03 * random.nextGaussian(),
                    0,
                    0.5 * random.nextDouble(),
                    false,
                    true);
            frames.add(frame(painter.paint(units, pose)));
        }
        return perception.measure(frames);
    }

    private static RgbFrame frame(BufferedImage picture) {
        byte[] rgb = new byte[3 * picture.getWidth() * picture.getHeight()];
        for (int i = 0; i < rgb.length / 3; i++) {
            int pixel = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
            rgb[3 * i] = (byte) (pixel >> 16);
            rgb[3 * i + 1] = (byte) (pixel >> 8);
            rgb[3 * i + 2] = (byte) pixel;
        }
        return new RgbFrame(0, picture.getWidth(), picture.getHeight(), rgb);
    }

    /** Two people on video; three pictures count as a clip. */
    @Test
    void realPeople() throws Exception {
        Scores[] scores = {new Scores(), new Scores()};
        real(scores, "c13_talk", List.of("c13_far", "c13_jaw", "c13_yaw"), "c13_brow");
        real(scores, "cp_talk", List.of(), "cp_excited");
        assertNotWorse("real people", scores);
    }

    /** The first five pictures of the neutral clip are the usual; its others are compared with it. */
    private static void real(Scores[] scores, String neutral, List<String> others, String raised) throws Exception {
        List<RgbFrame> first = pictures(neutral);
        FaceBaseline baseline = FaceBaseline.of(first.subList(0, FaceBaseline.USEFUL_CLIPS).stream()
                .map(picture -> FaceBaseline.numbers(perception.measure(List.of(picture))))
                .toList());
        List<FaceCues> without = clips(first.subList(FaceBaseline.USEFUL_CLIPS, first.size()));
        for (String clip : others) {
            without.addAll(clips(pictures(clip)));
        }
        List<FaceCues> with = clips(pictures(raised));
        for (int i = 0; i < scores.length; i++) {
            for (FaceCues one : without) {
                scores[i].add(BROWS[i], false, one, baseline);
            }
            for (FaceCues one : with) {
                scores[i].add(BROWS[i], true, one, baseline);
            }
        }
    }

    private static List<FaceCues> clips(List<RgbFrame> pictures) {
        List<FaceCues> clips = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i += 3) {
            clips.add(perception.measure(pictures.subList(i, Math.min(i + 3, pictures.size()))));
        }
        return clips;
    }

    private static List<RgbFrame> pictures(String clip) throws Exception {
        String folder = System.getProperty("migr.real");
        assumeTrue(folder != null, "-Dmigr.real names no folder of labelled videos");
        byte[] media = Files.readAllBytes(Path.of(folder, "faces/clips", clip + ".mp4"));
        ClipFeatures features = new FfmpegExtractor(FfmpegProgram.find(), MediaLimits.usual()).extract(media);
        return features.visual().frames().stream()
                .map(frame -> new RgbFrame(frame.timeMs(), frame.width(), frame.height(), frame.rgb()))
                .toList();
    }
}
