package io.migr.evaluation.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipAnnotation.Source;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import io.migr.evaluation.benchmark.FoldListing.Entry;
import io.migr.evaluation.measure.EvaluationClip;
import io.migr.features.FfmpegExtractor;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.model.Emotion;
import io.migr.model.network.LogMel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders with the layout of the published benchmarks, filled with one generated clip. */
@Tag("slow")
final class BenchmarkTest {
    @TempDir
    static Path shared;

    private static FfmpegProgram program;
    private static Path video;

    @TempDir
    private Path root;

    @BeforeAll
    static void film() throws IOException, InterruptedException {
        program = FfmpegProgram.find();
        video = shared.resolve("clip.mp4");
        int index = 0;
        while (ClipTruth.of(Split.TEST.seed(index)).regime() != Regime.BALANCED) {
            index++;
        }
        ClipFile.write(Clip.of(Split.TEST.seed(index)), video, program);
    }

    private void put(String place, String text) throws IOException {
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void film(String place) throws IOException {
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        Files.copy(video, file);
    }

    private static BenchmarkClips clips(FoldListing listing) {
        return new BenchmarkClips(listing.entries(), new FfmpegExtractor(program, BenchmarkClips.LIMITS));
    }

    private static List<String> kinds(FoldListing listing, Kind kind) {
        return listing.problems().stream()
                .filter(problem -> problem.kind() == kind)
                .map(BenchmarkProblem::what)
                .toList();
    }

    private static final String DFEW_FOLD = "EmoLabel_DataSplit/test(single-labeled)/set_5.csv";

    @Test
    void dfewVideosAreFoundByNumber() throws IOException, InterruptedException {
        put(DFEW_FOLD, "video_name,label\n00001,1\n2,7\n16372,3\n");
        film("Clip/original/1.mp4");
        film("Clip/original/part_1/00002.mp4");
        film("Clip/clip_224x224_avi/16372.avi");
        FoldListing listing = Benchmark.DFEW.list(root, 5);
        assertEquals(List.of(), listing.problems());
        assertEquals(
                List.of(Emotion.HAPPY, Emotion.FEAR, Emotion.NEUTRAL),
                listing.entries().stream().map(Entry::label).toList());
        assertEquals(
                root.resolve("Clip/original/part_1/00002.mp4"),
                listing.entries().get(1).media());
        List<EvaluationClip> samples = clips(listing).read(0, 2);
        assertEquals(2, samples.size());
        assertEquals(8, samples.get(0).input().frames().size());
        assertTrue(samples.get(0).input().voiceActive());
        assertEquals("00001", samples.get(0).name());
        assertEquals(Source.LABELLED, samples.get(0).annotation().source());
    }

    @Test
    void theVideoWithSoundIsPreferredToItsPictures() throws IOException {
        put(DFEW_FOLD, "video_name,label\n1,1\n");
        film("Clip/original/1.mp4");
        Files.createDirectories(root.resolve("Clip/clip_224x224/00001"));
        assertEquals(
                root.resolve("Clip/original/1.mp4"),
                Benchmark.DFEW.list(root, 5).entries().get(0).media());
    }

    @Test
    void picturesAloneAreAClipWithoutSound() throws IOException, InterruptedException {
        put(DFEW_FOLD, "video_name,label\n7,2\n8,2\n9,2\n");
        List<byte[]> frames =
                RenderedClip.of(Split.TEST.seed(0), new LogMel()).input().frames();
        for (int i = 0; i < 20; i++) {
            Path picture = root.resolve(String.format("Clip/clip_224x224/00007/00007_%05d.jpg", i + 1));
            Files.createDirectories(picture.getParent());
            Files.write(picture, frames.get(i % frames.size()));
        }
        Files.createDirectories(root.resolve("Clip/clip_224x224/00008"));
        put("Clip/clip_224x224/00009/00009_00001.jpg", "no picture");
        BenchmarkClips clips = clips(Benchmark.DFEW.list(root, 5));
        List<EvaluationClip> samples = clips.read(0, 3);
        assertEquals(1, samples.size());
        assertEquals(8, samples.get(0).input().frames().size());
        assertNull(samples.get(0).input().logMel());
        assertFalse(samples.get(0).input().voiceActive());
        assertEquals(
                List.of("8", "9"),
                clips.problems().stream().map(BenchmarkProblem::what).toList());
    }

    @Test
    void everythingWrongWithADfewFoldIsListed() throws IOException, InterruptedException {
        put(DFEW_FOLD, "\uFEFFvideo_name,label\n1,1\n2,0\n3,9\n4,happy\n5,4\nsix,1\n1,1\n7\n8,2.0\n\n");
        for (int i : new int[] {1, 2, 3, 4, 7, 8}) {
            film("Clip/original/" + i + ".mp4");
        }
        Files.writeString(root.resolve("Clip/original/8.mp4"), "no video");
        FoldListing listing = Benchmark.DFEW.list(root, 5);
        assertEquals(
                List.of("1", "8"), listing.entries().stream().map(Entry::name).toList());
        assertEquals(List.of("2", "3", "4"), kinds(listing, Kind.LABEL));
        assertEquals(List.of("5"), kinds(listing, Kind.MISSING_VIDEO));
        assertEquals(
                List.of("set_5.csv line 7", "set_5.csv line 8", "set_5.csv line 9"), kinds(listing, Kind.FOLD_FILE));
        BenchmarkClips clips = clips(listing);
        assertEquals(1, clips.read(0, 2).size());
        BenchmarkProblem broken = clips.problems().get(0);
        assertEquals(Kind.UNUSABLE_VIDEO, broken.kind());
        assertEquals("8", broken.what());
        assertTrue(broken.why().contains("Nothing in the media can be used"), broken.why());
    }

    @Test
    void aMissingOrInvalidFoldFileIsReported() throws IOException {
        BenchmarkProblem none = Benchmark.DFEW.list(root, 5).problems().get(0);
        assertEquals(Kind.FOLD_FILE, none.kind());
        assertTrue(none.toString().contains("there is no such file. --path is the folder that holds"), none.toString());
        put(DFEW_FOLD, "name,emotion\n1,1\n");
        BenchmarkProblem heads = Benchmark.DFEW.list(root, 5).problems().get(0);
        assertTrue(heads.why().contains("not name, emotion"), heads.why());
        put(DFEW_FOLD, "video_name,label\n");
        assertEquals(
                "it lists no video",
                Benchmark.DFEW.list(root, 5).problems().get(0).why());
        Files.write(root.resolve(DFEW_FOLD), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 'x'});
        assertEquals(
                "it is not UTF-8 text",
                Benchmark.DFEW.list(root, 5).problems().get(0).why());
        assertThrows(IllegalArgumentException.class, () -> Benchmark.DFEW.list(root, 6));
    }

    private static final String MAFW_FOLD = "Train & Test Set/single/no_caption/set_2/test.txt";

    @Test
    void mafwLabelsAreFoldedIntoOurNames() throws IOException, InterruptedException {
        put(MAFW_FOLD, "00001.mp4 anger\r\n00002.mp4 happiness\r\n00003.mp4 contempt\r\n00004.mp4 sadness\r\n");
        film("data/clips/00001.mp4");
        film("data/clips/00002.mp4");
        film("data/clips/unzip/00003.mp4");
        film("data/clips/00004.mp4");
        FoldListing listing = Benchmark.MAFW.list(root, 2);
        assertEquals(List.of(), listing.problems());
        assertEquals(
                List.of(Emotion.ANGRY, Emotion.HAPPY, Emotion.CONTEMPT, Emotion.SAD),
                listing.entries().stream().map(Entry::label).toList());
        assertNotNull(clips(listing).read(0, 1).get(0).input().logMel());
    }

    @Test
    void everythingWrongWithAMafwFoldIsListed() throws IOException {
        put(MAFW_FOLD, "00001.mp4 anger\n00002.mp4 bored\n00003.mp4 fear\n00004.mp4\n00001.mp4 anger\n5 fear\n");
        film("data/clips/00001.mp4");
        FoldListing listing = Benchmark.MAFW.list(root, 2);
        assertEquals(1, listing.entries().size());
        assertEquals(List.of("00002.mp4"), kinds(listing, Kind.LABEL));
        assertEquals(List.of("00003.mp4"), kinds(listing, Kind.MISSING_VIDEO));
        assertEquals(List.of("test.txt line 4", "test.txt line 5", "test.txt line 6"), kinds(listing, Kind.FOLD_FILE));
        assertTrue(
                listing.problems().get(0).why().contains("disappointment"),
                listing.problems().get(0).why());
    }
}
