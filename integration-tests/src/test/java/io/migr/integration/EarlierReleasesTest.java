package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.migr.cli.setup.Services;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.features.ClipFeatures;
import io.migr.model.ClipInput;
import io.migr.model.ReasoningStep;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.LogMel;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EmotionTimeline;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.streams.RequestBuilder;
import io.migr.trainer.round.ExampleLog;
import io.migr.trainer.round.KafkaExampleLog;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Topics as each earlier release left them, with its schemas and their ids, when the services of this one start: pictures
 * and log-mel in place of sound, and before release 2 nothing that was measured. Of each release there is a clip that
 * its worker has answered and somebody labelled, an example that it has made, a request that is still to be answered,
 * and a pair of halves that is still to be joined.
 */
@Tag("long")
@ExtendWith(SharedBroker.class)
class EarlierReleasesTest {
    private static final List<Integer> RELEASES = List.of(1, 2, 3);
    private static final Path WEIGHTS = Path.of("").toAbsolutePath().resolveSibling("model/weights");
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final String UNHEARD = "what the voice sounded like was not recorded";

    static {
        AvroSafety.set();
    }

    private KafkaClients clients;
    private HttpSchemaRegistry registry;
    private ClipFeatures features;
    private ClipPerception perception;

    @Test
    void recordsOfEveryReleaseGoOnThroughEveryStepAndNoneIsLost(Broker broker) throws Exception {
        Configuration people = broker.configuration(
                "releases",
                Map.of(
                        Key.FEATURES_CARRY,
                        "media",
                        Key.MODEL_FOLDER,
                        WEIGHTS.resolve("people").toString()));
        Configuration tiny = people.with(
                Map.of(Key.MODEL_FOLDER, WEIGHTS.resolve("tiny").toString(), Key.WORKER_GROUP, "releases-tiny"));
        clients = Broker.clients(people);
        registry = new HttpSchemaRegistry(broker.registryUrl(), null);
        features = Services.extractor(people).extract(Clips.mp4(smile()));
        try (ClipPerception measuring = new ClipPerception(true)) {
            perception = measuring;
            write(people.text(Key.WORKER_GROUP));
            check(people, tiny);
        }
    }

    /** A clip whose face shows joy and whose voice speaks. */
    private static int smile() {
        return IntStream.iterate(0, i -> i + 1)
                .filter(i -> {
                    ClipTruth truth = ClipTruth.of(Split.TEST.seed(i));
                    return truth.regime() == Regime.VISUAL_DOMINANT && truth.label() == io.migr.model.Emotion.HAPPY;
                })
                .findFirst()
                .orElseThrow();
    }

    private void check(Configuration people, Configuration tiny) throws Exception {
        try (ServiceProcess streams = ServiceProcess.start("streams", people);
                Committed committed = new Committed(clients)) {
            streams.awaitReady();
            try (ServiceProcess worker = ServiceProcess.start("worker", people)) {
                worker.awaitReady();
                committed.until(() -> committed.predictions.size() >= 9 && committed.taught.size() >= 6, LONGEST);
            }
            checkPairs();
            checkPeople(committed);
            checkTimeline();
            checkExamples();
            try (ServiceProcess worker = ServiceProcess.start("worker", tiny)) {
                worker.awaitReady();
                committed.until(() -> committed.predictions.size() >= 18, LONGEST);
            }
            checkTiny(committed);
            assertEquals(List.of(), committed.deadLetters);
        }
    }

    private void write(String workers) throws Exception {
        try (Clips clips = new Clips(clients)) {
            for (int release : RELEASES) {
                InferenceRequest request = request(release, "answered");
                EmotionPrediction prediction = prediction(request.getClip());
                LabelFeedback label = new LabelFeedback(request.getClip(), Emotion.SAD, "bob", Instant.now());
                send(clips, release, Topic.INFERENCE_REQUESTS, request.getClip(), request);
                send(clips, release, Topic.PREDICTIONS, request.getClip(), prediction);
                send(clips, release, Topic.FEEDBACK, request.getClip(), label);
                InferenceRequest learned = request(release, "learned");
                TrainingExample example = new TrainingExample(
                        learned.getClip(),
                        learned,
                        prediction(learned.getClip()),
                        Emotion.SAD,
                        List.of(),
                        List.of(),
                        null);
                send(clips, release, Topic.TRAINING_EXAMPLES, learned.getClip(), example);
            }
            answer(workers);
            for (int release : RELEASES) {
                InferenceRequest open = request(release, "open");
                send(clips, release, Topic.INFERENCE_REQUESTS, open.getClip(), open);
                InferenceRequest halves = request(release, "halves");
                send(clips, release, Topic.VISUAL_FEATURES, halves.getClip(), halves.getVisual());
                send(clips, release, Topic.AUDIO_FEATURES, halves.getClip(), halves.getAudio());
            }
        }
    }

    /** Commits what the workers have read so far. */
    private void answer(String workers) {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(workers)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
            consumer.assign(partitions);
            consumer.commitSync(ends);
        }
    }

    /** The request that a release made of the clip. */
    private InferenceRequest request(int release, String participant) {
        ClipId clip = new ClipId("release-" + release, participant, 0L);
        InferenceRequest request =
                RequestBuilder.of(Clips.segment(clip, new byte[0], Consent.GRANTED), features, perception, true, 0);
        float[][] logMel = new LogMel().of(features.audio().samples());
        request.getAudio().setSound(null);
        request.getAudio().setMelBins(logMel.length);
        request.getAudio().setMelFrames(logMel[0].length);
        request.getAudio().setLogMel(LogMelCodec.encode(logMel));
        if (release == 1) {
            request.getVisual().setFace(null);
            request.getAudio().setVoice(null);
        }
        return request;
    }

    private static EmotionPrediction prediction(ClipId clip) {
        EmotionPrediction prediction = Labelled.example(
                        "ann", 0, new ClipInput(List.of(), new float[128][10], false), Emotion.SAD)
                .getPrediction();
        prediction.setClip(clip);
        prediction.setCapturedAt(Instant.now());
        prediction.setEmotion(Emotion.HAPPY);
        prediction.setProbabilities(
                List.of(new EmotionProbability(Emotion.HAPPY, 0.75f), new EmotionProbability(Emotion.SAD, 0.25f)));
        return prediction;
    }

    /** Sends a record with the newest schema that the release had of its type. */
    private void send(Clips clips, int release, Topic topic, ClipId clip, SpecificRecord value)
            throws IOException, InterruptedException {
        String file = value.getSchema().getName() + ".avsc";
        File released = new File("../schemas/src/test/resources/released/" + release + "/" + file);
        for (int r = release; !released.exists(); r--) {
            released = new File("../schemas/src/test/resources/released/" + r + "/" + file);
        }
        Schema schema = new Schema.Parser().parse(released);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        BinaryEncoder first = EncoderFactory.get().directBinaryEncoder(plain, null);
        new SpecificDatumWriter<>(value.getSchema()).write(value, first);
        Object generic = new GenericDatumReader<>(value.getSchema(), schema)
                .read(null, DecoderFactory.get().binaryDecoder(plain.toByteArray(), null));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt(registry.register(clients.name(topic) + "-value", schema))
                .array());
        BinaryEncoder second = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(generic, second);
        clips.send(clients.name(topic), ClipKey.of(clip), out.toByteArray());
    }

    private void checkPairs() {
        for (int release : RELEASES) {
            InferenceRequest paired = FirstRecord.of(
                    clients, Topic.INFERENCE_REQUESTS, InferenceRequest.class, "release-" + release + "/halves");
            InferenceRequest open = FirstRecord.of(
                    clients, Topic.INFERENCE_REQUESTS, InferenceRequest.class, "release-" + release + "/open");
            assertEquals(8, paired.getVisual().getFrames().size());
            assertEquals(open.getVisual().getFrames(), paired.getVisual().getFrames());
            assertEquals(open.getVisual().getFace(), paired.getVisual().getFace());
            assertEquals(open.getAudio().getLogMel(), paired.getAudio().getLogMel());
            assertEquals(open.getAudio().getVoice(), paired.getAudio().getVoice());
            assertNull(paired.getAudio().getSound());
        }
    }

    private static TreeSet<String> names(String... participants) {
        return RELEASES.stream()
                .flatMap(release -> Stream.of(participants).map(one -> "release-" + release + "/" + one + "/0"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<EmotionPrediction> of(Committed committed, String model, TreeSet<String> clips) {
        List<EmotionPrediction> answers = committed.predictions.stream()
                .filter(one -> one.getModelVersion().startsWith(model))
                .toList();
        assertEquals(
                List.copyOf(clips),
                answers.stream()
                        .map(one -> ClipKey.name(one.getClip()))
                        .sorted()
                        .toList(),
                "each clip is answered once");
        return answers;
    }

    /** The face of a clip that nobody has measured is measured now; its voice cannot be. */
    private static void checkPeople(Committed committed) {
        for (EmotionPrediction answer : of(committed, "people", names("halves", "open"))) {
            String clip = ClipKey.name(answer.getClip());
            assertFalse(answer.getAbstained(), clip + ": " + answer.getAbstainedReason());
            assertEquals(clip.startsWith("release-1") ? UNHEARD : null, answer.getMissingModality(), clip);
        }
    }

    private void checkTimeline() {
        for (int release : RELEASES) {
            EmotionTimeline window =
                    FirstRecord.of(clients, Topic.TIMELINE, EmotionTimeline.class, "release-" + release + "/answered");
            assertEquals(1, window.getClips());
            assertEquals(0.75f, window.getShares().get(0).getProbability());
        }
    }

    private void checkExamples() throws IOException {
        List<String> read = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        KafkaExampleLog log = new KafkaExampleLog(clients);
        log.read(log.newest(100), new ExampleLog.Reader() {
            @Override
            public void example(ExampleLog.Place place, long timestamp, TrainingExample example) {
                read.add(ClipKey.name(example.getClip()));
                assertEquals(Emotion.SAD, example.getEmotion());
                assertEquals(Emotion.HAPPY, example.getPrediction().getEmotion());
                assertEquals(8, example.getRequest().getVisual().getFrames().size());
            }

            @Override
            public void unreadable(ExampleLog.Place place, String why) {
                unreadable.add(why);
            }
        });
        assertEquals(List.of(), unreadable);
        assertEquals(
                List.copyOf(names("answered", "learned")),
                read.stream().sorted().toList());
    }

    /** A model of pixels and sound says of each what it says of the pictures and the log-mel themselves. */
    private void checkTiny(Committed committed) throws IOException {
        of(committed, "tiny", names("answered", "halves", "open"));
        InferenceRequest request = request(3, "answered");
        List<String> expected;
        try (LocalClipAnalyser tiny = new LocalClipAnalyser(EmotionModel.load(WEIGHTS.resolve("tiny"), "cpu"))) {
            List<byte[]> frames = request.getVisual().getFrames().stream()
                    .map(frame -> frame.getJpeg().array())
                    .toList();
            float[][] logMel = LogMelCodec.decode(request.getAudio(), "the clip");
            expected =
                    tiny
                            .analyse(List.of(new ClipInput(frames, logMel, true)))
                            .analyses()
                            .get(0)
                            .explanation()
                            .steps()
                            .stream()
                            .map(ReasoningStep::text)
                            .toList();
        }
        for (EmotionExplanation one : committed.explanations) {
            if (one.getModelVersion().startsWith("tiny")) {
                assertEquals(
                        expected,
                        one.getSteps().stream().map(step -> step.getText()).toList(),
                        ClipKey.name(one.getClip()));
            }
        }
    }
}
