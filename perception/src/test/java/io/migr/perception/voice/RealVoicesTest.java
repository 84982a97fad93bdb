package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.schemas.VoiceCues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Measures the recordings of people in the folder that the system property {@code migr.real} names. They are not part
 * of the repository; without the folder these tests are skipped.
 */
@Tag("slow")
class RealVoicesTest {
    /** A clip of its kind: speech, singing, nonvoice or the event; with its package and its reference where known. */
    private record Clip(String id, String kind, String source, boolean variant, float[] samples, JsonNode reference) {}

    private record Hits(int heard, int clips) {
        double rate() {
            return heard / (double) clips;
        }
    }

    private static final List<Clip> CLIPS = new ArrayList<>();
    private static VoicePerception voices;

    @BeforeAll
    static void read() throws IOException {
        String real = System.getProperty("migr.real");
        assumeTrue(real != null, "SKIPPED: migr.real does not name the folder of recordings of people");
        Path folder = Path.of(real, "voices");
        ObjectMapper json = new ObjectMapper();
        JsonNode references =
                json.readTree(folder.resolve("reference.json").toFile()).get("clips");
        Map<String, String> kinds = new HashMap<>();
        for (JsonNode label : json.readTree(folder.resolve("labels.json").toFile())) {
            String id = label.get("id").asText();
            boolean event = label.get("kind").asText().equals("event");
            kinds.put(id, label.get(event ? "event" : "kind").asText());
            add(folder, label, kinds.get(id), false, references.get(id));
        }
        for (JsonNode variant : json.readTree(folder.resolve("variants.json").toFile())) {
            add(folder, variant, kinds.get(variant.get("of").asText()), true, null);
        }
        voices = new VoicePerception();
    }

    private static void add(Path folder, JsonNode entry, String kind, boolean variant, JsonNode reference)
            throws IOException {
        float[] samples = wav(folder.resolve(entry.get("file").asText()));
        CLIPS.add(
                new Clip(entry.get("id").asText(), kind, entry.path("package").asText(), variant, samples, reference));
    }

    /** 16-bit mono. */
    private static float[] wav(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 12;
        while (bytes.getInt(at) != 0x61746164) { // "data"
            at += 8 + bytes.getInt(at + 4);
        }
        float[] samples = new float[Math.min(bytes.getInt(at + 4), bytes.limit() - at - 8) / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bytes.getShort(at + 8 + 2 * i) / 32768f;
        }
        return samples;
    }

    @AfterAll
    static void close() {
        if (voices != null) {
            voices.close();
        }
    }

    private static Hits count(Predicate<Clip> which, Predicate<VoiceCues> heard) {
        return count(voices, which, heard);
    }

    private static Hits count(VoicePerception voices, Predicate<Clip> which, Predicate<VoiceCues> heard) {
        int clips = 0;
        int hits = 0;
        for (Clip clip : CLIPS) {
            if (which.test(clip)) {
                clips++;
                hits += heard.test(voices.measure(clip.samples())) ? 1 : 0;
            }
        }
        return new Hits(hits, clips);
    }

    private static Hits report(String what, Hits hits) {
        System.out.printf("%s: %d of %d%n", what, hits.heard(), hits.clips());
        return hits;
    }

    @Test
    void speechIsHeardInSpeechAndInCallsOfIt() {
        Predicate<VoiceCues> speech = cues -> !cues.getSpeech().isEmpty();
        for (boolean variant : new boolean[] {false, true}) {
            Hits hits = report(
                    variant ? "speech heard in calls" : "speech heard in speech",
                    count(clip -> clip.kind().equals("speech") && clip.variant() == variant, speech));
            assertTrue(hits.rate() >= 0.97);
        }
    }

    @Test
    void soundsWithoutAVoiceAreSeldomCalledSpeech() {
        Hits hits = report(
                "speech heard in music, noise, hum and effects",
                count(clip -> clip.kind().equals("nonvoice"), cues -> !cues.getSpeech()
                        .isEmpty()));
        assertTrue(hits.rate() <= 0.1);
    }

    @Test
    void eventsAreReported() {
        Predicate<VoiceCues> event = cues -> !cues.getEvents().isEmpty();
        Hits screams = report(
                "events in screams and cries", count(clip -> clip.kind().matches("scream|death-cry|moan"), event));
        report("events in laughter", count(clip -> clip.kind().equals("laugh"), event));
        Hits sounds = report(
                "events in music, noise, hum and effects",
                count(clip -> clip.kind().equals("nonvoice"), event));
        Hits speech = report(
                "events in speech and calls of it", count(clip -> clip.kind().equals("speech"), event));
        assertTrue(screams.rate() >= 0.8);
        assertTrue(sounds.rate() <= 0.2);
        assertTrue(speech.rate() <= 0.2);
    }

    @Test
    void possibleLaughter() {
        try (VoicePerception laughter = new VoicePerception(Path.of(System.getProperty("migr.real"), "voice"))) {
            Hits laughs = report(
                    "possible laughter in laughter",
                    count(laughter, clip -> clip.kind().equals("laugh"), VoiceCues::getPossibleLaughter));
            Hits others = report(
                    "possible laughter in other sounds",
                    count(laughter, clip -> !clip.kind().equals("laugh"), VoiceCues::getPossibleLaughter));
            assertTrue(laughs.rate() >= 0.75);
            assertTrue(others.rate() <= 0.02);
        }
    }

    /** Frames of speech that were found, missed, and found where there is none. */
    private record Found(int right, int missed, int wrong) {
        static Found of(boolean[] speech, Clip clip) {
            String active = clip.reference().get("active").asText();
            Found found = new Found(0, 0, 0);
            for (int w = 0; w < speech.length; w++) {
                boolean truth = active.charAt(w) == '1';
                found = found.plus(new Found(
                        truth && speech[w] ? 1 : 0, truth && !speech[w] ? 1 : 0, !truth && speech[w] ? 1 : 0));
            }
            return found;
        }

        Found plus(Found other) {
            return new Found(right + other.right, missed + other.missed, wrong + other.wrong);
        }

        double recall() {
            return right / (double) (right + missed);
        }

        double precision() {
            return right / (double) (right + wrong);
        }

        void report(String what) {
            System.out.printf("%s: recall %.3f, precision %.3f, n %d%n", what, recall(), precision(), right + missed);
        }
    }

    private static List<Clip> speechWithReference() {
        return CLIPS.stream()
                .filter(clip -> clip.kind().equals("speech") && clip.reference() != null)
                .toList();
    }

    @Test
    void framesWithSpeech() {
        Found found = new Found(0, 0, 0);
        for (Clip clip : speechWithReference()) {
            found = found.plus(Found.of(frames(clip).speech(), clip));
        }
        found.report("frames");
        assertTrue(found.recall() >= 0.92, "recall " + found.recall());
        assertTrue(found.precision() >= 0.94, "precision " + found.precision());
    }

    /** How late the net is, where speech ends and which gaps are closed. */
    private record Rule(int late, double off, int gap) {
        Found found(List<Clip> clips, Map<Clip, float[]> probabilities) {
            Found found = new Found(0, 0, 0);
            for (Clip clip : clips) {
                int frames = FrameMeter.frames(clip.samples().length);
                found = found.plus(Found.of(SpeechFrames.of(probabilities.get(clip), frames, late, off, gap), clip));
            }
            return found;
        }
    }

    /** The rule with the most recall at a precision of 0.94, or else with the highest precision. */
    private static Rule chosen(List<Clip> clips, Map<Clip, float[]> probabilities) {
        Rule best = null;
        double most = Double.NEGATIVE_INFINITY;
        for (int late : new int[] {0, 128, 256, 384}) {
            for (double off : new double[] {0.25, 0.35, 0.4, 0.45}) {
                for (int gap : new int[] {4, 6, 8, 10, 15}) {
                    Rule rule = new Rule(late, off, gap);
                    Found found = rule.found(clips, probabilities);
                    double merit = found.precision() >= 0.94 ? found.recall() : found.precision() - 1;
                    best = merit > most ? rule : best;
                    most = Math.max(most, merit);
                }
            }
        }
        return best;
    }

    /** Chosen on the sounds of every other package and measured on the rest, and the other way round. */
    @Test
    void framesWithSpeechByARuleChosenOnOtherSounds() {
        Map<Clip, float[]> probabilities = new HashMap<>();
        List<String> packages = speechWithReference().stream()
                .map(Clip::source)
                .distinct()
                .sorted()
                .toList();
        try (Nets nets = new Nets()) {
            for (Clip clip : speechWithReference()) {
                probabilities.put(clip, nets.vad.probabilities(clip.samples()));
            }
        }
        Map<Boolean, List<Clip>> halves = speechWithReference().stream()
                .collect(Collectors.partitioningBy(clip -> packages.indexOf(clip.source()) % 2 == 0));
        Found found = new Found(0, 0, 0);
        for (boolean half : new boolean[] {false, true}) {
            Rule rule = chosen(halves.get(half), probabilities);
            found = found.plus(rule.found(halves.get(!half), probabilities));
        }
        found.report("frames, held out");
        assertTrue(found.recall() >= 0.92, "recall " + found.recall());
        assertTrue(found.precision() >= 0.93, "precision " + found.precision());
    }

    @Test
    void fundamentalFrequencyOfSpeech() {
        double[] rates = pitchErrors("speech");
        assertTrue(rates[0] <= 0.01, "gross errors " + rates[0]);
        assertTrue(rates[1] <= 0.1, "misses " + rates[1]);
    }

    @Test
    void fundamentalFrequencyOfScreams() {
        double[] rates = pitchErrors("scream");
        assertTrue(rates[0] <= 0.02, "gross errors " + rates[0]);
        assertTrue(rates[1] <= 0.1, "misses " + rates[1]);
    }

    /** Share of found frames that are more than 20 % off, and share of frames that are not found. */
    private static double[] pitchErrors(String kind) {
        int frames = 0;
        int missed = 0;
        int wrong = 0;
        int unvoiced = 0;
        int voiced = 0;
        for (Clip clip : CLIPS) {
            if (clip.kind().equals(kind) && clip.reference() != null) {
                VoiceFrames measured = frames(clip);
                double[] found = measured.pitch().hertz();
                JsonNode truth = clip.reference().get("f0");
                String voiceless = clip.reference().get("unvoiced").asText();
                for (int w = 0; w < found.length; w++) {
                    double hertz = truth.get(w).asDouble();
                    frames += hertz > 0 ? 1 : 0;
                    missed += hertz > 0 && found[w] == 0 ? 1 : 0;
                    wrong += hertz > 0 && found[w] > 0 && Math.abs(found[w] / hertz - 1) > 0.2 ? 1 : 0;
                    unvoiced += voiceless.charAt(w) == '1' ? 1 : 0;
                    voiced += voiceless.charAt(w) == '1' && measured.voiced()[w] ? 1 : 0;
                }
            }
        }
        double gross = wrong / (double) (frames - missed);
        System.out.printf(
                "F0 of %s: gross errors %.4f, misses %.4f, n %d%n", kind, gross, missed / (double) frames, frames);
        System.out.printf("F0 of %s: given in %d of %d unvoiced frames%n", kind, voiced, unvoiced);
        return new double[] {gross, missed / (double) frames};
    }

    private static VoiceFrames frames(Clip clip) {
        return voices.frames(clip.samples(), MainsHum.removed(clip.samples()).samples());
    }
}
