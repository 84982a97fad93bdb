package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.ClipAnalyser;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.kafka.DeadLetters;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.InferenceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests that are valid Avro with odd values at any depth, under odd keys, or damaged. Each is one prediction with
 * usable numbers or one dead letter, and the good ones in each batch are answered. {@code -Dseed} repeats a run, {@code
 * -Dodd} says how many requests the fake models get; the shipped ones get a hundredth of them.
 */
@Tag("slow")
class OddRequestsTest {
    private static final long SEED = Long.getLong("seed", 43_249_502_290_024L);
    private static final int COUNT = Integer.getInteger("odd", 10_000);
    private static final int SHIPPED = 100;
    private static final int BATCH = 8;
    /** What Java says where nobody thought of a case. */
    private static final Pattern NOT_WORDS = Pattern.compile("\\bnull\\b|Exception|[Cc]annot invoke|out of bounds");

    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("inference-worker");

    static {
        AvroSafety.set();
    }

    private final Random random = new Random(SEED);
    private final OddValues odd = new OddValues(random);
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private long offset;
    private int answered;
    private int refused;

    private static InferenceRequest probe() throws IOException {
        try (InputStream file = ModelTrial.class.getResourceAsStream("probe-clip.avro");
                DataFileStream<InferenceRequest> clips =
                        new DataFileStream<>(file, new SpecificDatumReader<>(InferenceRequest.class))) {
            return clips.next();
        }
    }

    private ConsumerRecord<String, byte[]> record(InferenceRequest probe, String participant, boolean good) {
        ClipId clip = new ClipId("call", participant, offset);
        InferenceRequest request =
                InferenceRequest.newBuilder(probe).setClip(clip).build();
        if (request.getVisual() != null) {
            request.getVisual().setClip(clip);
        }
        if (request.getAudio() != null) {
            request.getAudio().setClip(clip);
        }
        String key = "call/" + participant;
        if (!good) {
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                odd.change(request);
            }
            key = switch (random.nextInt(20)) {
                case 0 -> null;
                case 1 -> "call";
                case 2 -> "call/somebody-else";
                default -> key;
            };
        }
        byte[] value = Fakes.bytes(request);
        if (!good && random.nextInt(15) == 0) {
            value = damaged(value);
        }
        return new ConsumerRecord<>(Fakes.REQUESTS, 0, offset++, key, value);
    }

    private byte[] damaged(byte[] value) {
        int kind = random.nextInt(3);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return Arrays.copyOf(value, random.nextInt(2 * value.length));
        }
        value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
        return value;
    }

    private void send(ClipAnalyser analyser, int count) throws IOException {
        producer.initTransactions();
        BatchRunner runner = new BatchRunner(analyser, new Fakes.Verifier(), producer, Fakes.OUTPUTS);
        InferenceRequest probe = probe();
        for (int sent = 0; sent < count; sent += BATCH) {
            List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();
            int goodOne = random.nextInt(BATCH);
            for (int i = 0; i < BATCH; i++) {
                batch.add(record(probe, i == goodOne ? "good" : "ann", i == goodOne));
            }
            runner.run(batch, GROUP);
            check(batch, batch.get(goodOne).offset());
            producer.clear();
        }
        System.out.println(SEED + ": " + answered + " odd requests answered, " + refused + " dead letters");
        assertTrue(answered > count / 20 && refused > count / 20, "nothing was tried");
    }

    private void check(List<ConsumerRecord<String, byte[]>> batch, long good) {
        String where = "offset " + batch.get(0).offset() + " of seed " + SEED;
        List<ProducerRecord<String, byte[]>> written = producer.history();
        List<ProducerRecord<String, byte[]>> letters = written.stream()
                .filter(one -> one.topic().equals("migr.dead-letters"))
                .toList();
        TreeSet<String> places = letters.stream()
                .map(one -> DeadLetters.text(one.headers(), DeadLetters.OFFSET))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(letters.size(), places.size(), where);
        letters.forEach(one -> {
            String reason = DeadLetters.reason(one.headers());
            assertFalse(reason.isBlank() || NOT_WORDS.matcher(reason).find(), where + ": " + reason);
        });
        List<EmotionPrediction> predictions = written.stream()
                .filter(one -> one.topic().equals("migr.predictions"))
                .map(one -> Fakes.OUTPUTS.predictionSerde().deserializer().deserialize(one.topic(), one.value()))
                .toList();
        assertEquals(batch.size(), letters.size() + predictions.size(), where);
        assertFalse(places.contains(String.valueOf(good)), where + ": the good one is refused");
        for (EmotionPrediction prediction : predictions) {
            double sum = 0;
            for (EmotionProbability one : prediction.getProbabilities()) {
                sum += one.getProbability();
            }
            assertTrue(
                    prediction.getProbabilities().isEmpty() && prediction.getAbstained() || Math.abs(sum - 1) < 1e-3,
                    where + ": probabilities " + prediction.getProbabilities());
            float share = prediction.getImportance().getVisualShare();
            assertTrue(share >= 0 && share <= 1, where + ": a share of " + share);
        }
        answered += predictions.size() - 1;
        refused += letters.size();
    }

    @Test
    void eachIsAnsweredOrOneDeadLetterWhereAModelReadsCues() throws IOException {
        send(new Fakes.Analyser("cues", false), COUNT / 2);
    }

    @Test
    void eachIsAnsweredOrOneDeadLetterWhereAModelReadsMedia() throws IOException {
        send(new Fakes.Analyser("media", true), COUNT / 2);
    }

    @Test
    void theShippedModelOfCuesGivesUsableNumbers() throws IOException {
        try (ClipAnalyser people = shipped("people")) {
            send(people, COUNT / SHIPPED);
        }
    }

    @Test
    void theShippedModelOfMediaGivesUsableNumbers() throws IOException {
        try (ClipAnalyser tiny = shipped("tiny")) {
            send(tiny, COUNT / SHIPPED);
        }
    }

    private static ClipAnalyser shipped(String name) throws IOException {
        return new LocalClipAnalyser(EmotionModel.load(Path.of("../model/weights", name), "cpu"));
    }
}
