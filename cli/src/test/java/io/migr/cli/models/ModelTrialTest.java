package io.migr.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.setup.Services;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.Analysis;
import io.migr.model.Dominance;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import io.migr.schemas.InferenceRequest;
import io.migr.streams.RequestBuilder;
import io.migr.worker.ModelTrial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code models import} and {@code promote}, and workers, do with a model before it may serve. {@code
 * -Dkeep.probe=true} draws and measures the shipped clip anew.
 */
@Tag("slow")
class ModelTrialTest {
    private static final Path WEIGHTS = Path.of("../model/weights");
    private static final Path PROBE = Path.of("../inference-worker/src/main/resources/io/migr/worker/probe-clip.avro");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeAll
    static void keep() throws Exception {
        if (!Boolean.getBoolean("keep.probe")) {
            return;
        }
        long seed = IntStream.iterate(0, i -> i + 1)
                .mapToLong(Split.TEST::seed)
                .filter(each -> ClipTruth.of(each).regime() == Regime.BALANCED)
                .findFirst()
                .orElseThrow();
        Path file = Files.createTempFile("migr", ".mp4");
        ClipFile.write(Clip.of(seed), file, Services.ffmpeg());
        byte[] media = Files.readAllBytes(file);
        Files.delete(file);
        ClipSegment segment = ClipSegment.newBuilder()
                .setClip(new ClipId("probe", "drawn", 0L))
                .setStartMs(0L)
                .setDurationMs((int) (1000 * Clip.SECONDS))
                .setCapturedAt(Instant.EPOCH)
                .setMediaType("video/mp4")
                .setMedia(ByteBuffer.wrap(media))
                .setConsent(Consent.GRANTED)
                .build();
        Files.createDirectories(PROBE.getParent());
        try (ClipPerception perception = new ClipPerception(true);
                DataFileWriter<InferenceRequest> clips =
                        new DataFileWriter<>(new SpecificDatumWriter<>(InferenceRequest.class))) {
            clips.setCodec(CodecFactory.deflateCodec(9));
            clips.create(InferenceRequest.getClassSchema(), PROBE.toFile());
            clips.append(RequestBuilder.of(
                    segment, Services.extractor(Configuration.of(Map.of())).extract(media), perception, true, 0));
        }
    }

    @Test
    void theShippedModelsAnswerTheShippedClip() throws IOException {
        for (String name : List.of("people", "tiny")) {
            try (LocalClipAnalyser model = new LocalClipAnalyser(EmotionModel.load(WEIGHTS.resolve(name), "cpu"))) {
                List<Analysis> analyses = ModelTrial.of(model);
                assertEquals(3, analyses.size());
                assertEquals(null, analyses.get(0).missing(), name + " uses face and voice");
                assertFalse(analyses.get(1).voiceMissing() == null, name);
                assertFalse(analyses.get(2).faceMissing() == null, name);
                assertTrue(analyses.get(2).importance().dominant() != Dominance.VISUAL, name);
            }
        }
    }

    /** A copy of the shipped model with another configuration. */
    private Path changed(Consumer<ObjectNode> change) throws IOException {
        Path shipped = WEIGHTS.resolve("people");
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.write(folder.resolve(name), Files.readAllBytes(shipped.resolve(name)));
        }
        ObjectNode config =
                (ObjectNode) JSON.readTree(shipped.resolve("config.json").toFile());
        change.accept(config);
        Files.writeString(folder.resolve("config.json"), config.toString());
        return folder;
    }

    private void assertRefused(String... reasons) {
        String message = assertThrows(IOException.class, () -> ModelCommandContext.tried(folder))
                .getMessage();
        for (String reason : reasons) {
            assertTrue(message.contains(reason), message);
        }
    }

    @Test
    void aConfigurationThatCannotServeIsRefusedWithKeyAndValue() throws IOException {
        changed(config -> config.withArray("labels").add("bored"));
        assertRefused("labels is [", "\"bored\"]", "it must be a list of different ones of");
        changed(config -> config.withArray("labels").removeAll());
        assertRefused("labels is []");
        changed(config -> config.put("evidence_temperature", "warm"));
        assertRefused("evidence_temperature is \"warm\"");
        changed(config -> config.withObject("/decoder_config").put("num_attention_heads", 5));
        assertRefused("decoder_config.hidden_size is 128, it must be a multiple of num_attention_heads, which is 5");
        changed(config -> config.withObject("/decoder_config").remove("hidden_size"));
        assertRefused("decoder_config.hidden_size is missing");
        changed(config -> config.withObject("/cue_config").put("face_rows", 0));
        assertRefused("cue_config.face_rows is 0");
        changed(config -> config.withObject("/cue_config").put("evidence_labels", 3));
        assertRefused("cue_config.evidence_labels is 3, it must be the number of labels, which is 7, or 0");
        changed(config -> config.withObject("/cue_config").put("face_rows", 3));
        assertRefused("model.cue_encoder.face.0.weight");
        changed(config -> ((ObjectNode) config.withArray("cues").get(0)).put("head", "mood"));
        assertRefused("cues[0].head is \"mood\"");
        changed(config -> ((ObjectNode) config.withArray("cues").get(0))
                .put("head", "action_unit")
                .put("index", 99));
        assertRefused("cues[0].index is 99");
        changed(config -> config.withObject("/lead_sentences").putArray("smell").add("the nose leads"));
        assertRefused("lead_sentences has smell");
        changed(config -> {});
        Files.writeString(folder.resolve("config.json"), "{");
        assertRefused("config.json is not JSON");
    }

    @Test
    void aModelOfPicturesNeedsAPositiveMultipleOfFourFrames() throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(WEIGHTS.resolve("tiny/config.json").toFile());
        changed(own -> own.removeAll().setAll(config.put("frames", 7)));
        assertRefused("frames is 7, it must be a positive multiple of 4");
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        changed(config -> {});
        ObjectNode tokenizer =
                (ObjectNode) JSON.readTree(folder.resolve("tokenizer.json").toFile());
        ObjectNode words = tokenizer.withObject("/model/vocab");
        words.put("surplus", words.size());
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        assertRefused("tokenizer.json has ids up to", "but decoder_config.vocab_size of config.json is");
        words.remove(List.of("surplus", "</s>", "angry"));
        ArrayNode special = (ArrayNode) tokenizer.path("added_tokens");
        for (int i = special.size() - 1; i >= 0; i--) {
            if (special.get(i).path("content").asText().equals("</s>")) {
                special.remove(i);
            }
        }
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        assertRefused("tokenizer.json has no single token for", "</s>", "angry");
    }

    @Test
    void weightsThatGiveNoNumbersAreRefused() throws IOException {
        changed(config -> {});
        Path file = folder.resolve("model.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>(SafeTensors.read(file));
        for (String name : List.of("heads.evidence.visual.2.bias", "model.norm.weight")) {
            Tensor sound = tensors.get(name);
            float[] values = new float[sound.size()];
            Arrays.fill(values, Float.NaN);
            tensors.put(name, Tensor.half(values, sound.shape()));
            SafeTensors.write(file, tensors, Map.of());
            assertRefused("element 0 of tensor " + name + " is NaN");
            tensors.put(name, sound);
        }
    }
}
