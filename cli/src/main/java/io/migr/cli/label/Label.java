package io.migr.cli.label;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.Settings;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipKey;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends labels: the emotions that clips really show. */
@Command(
        name = "label",
        mixinStandardHelpOptions = true,
        description = {
            "Records what a clip really shows, so that training can learn from it. The last label of each"
                    + " annotator counts.",
            "A label for an unknown clip becomes a dead letter: migr dead-letters list --topic feedback."
        })
public final class Label implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CLIP",
            description = "the clip as migr watch prints it, e.g. call/ann/7")
    private String clip;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "EMOTION",
            description = "an emotion of the label set, e.g. surprise")
    private String emotion;

    @Option(
            names = "--annotator",
            paramLabel = "NAME",
            description = "who gives the label; default: the name of the user")
    private String annotator = System.getProperty("user.name");

    @Option(
            names = "--file",
            paramLabel = "CSV",
            description = "read labels from a table with the columns clip,emotion or clip,emotion,annotator; bad lines"
                    + " are reported, the others are sent")
    private Path file;

    @Option(
            names = "--call",
            paramLabel = "ID",
            description = "with --file: the call of all clips in the table, which then has clips such as ann/7")
    private String call;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        LabelFile given = readLabels();
        PrintWriter err = spec.commandLine().getErr();
        given.problems().forEach(problem -> err.println("migr: " + problem));
        int refused = given.problems().size();
        if (!given.labels().isEmpty()) {
            KafkaClients clients = new KafkaClients(settings.configuration());
            clients.ensureTopics();
            refused += send(clients, given.labels());
        }
        if (file != null && !json) {
            err.println(given.labels().size() + given.problems().size() - refused + " labels sent, " + refused
                    + " refused");
        }
        return refused == 0 ? 0 : 1;
    }

    private LabelFile readLabels() throws IOException {
        if (file != null ? clip != null : emotion == null || call != null) {
            throw new ParameterException(
                    spec.commandLine(), "Give either a clip and an emotion, or --file CSV, optionally with --call.");
        }
        if (file != null) {
            return LabelFile.read(file, call == null ? "" : call + "/", annotator, Instant.now());
        }
        try {
            return new LabelFile(List.of(LabelFile.label(clip, emotion, annotator, Instant.now())), List.of());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Sends all labels and waits; returns how many the broker rejected. */
    private int send(KafkaClients clients, List<LabelFeedback> labels) throws InterruptedException {
        String topic = clients.name(Topic.FEEDBACK);
        Serializer<LabelFeedback> values = clients.serde(LabelFeedback.class).serializer();
        int refused = 0;
        try (Producer<String, byte[]> producer = clients.producer(null)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (LabelFeedback label : labels) {
                sent.add(producer.send(
                        new ProducerRecord<>(topic, ClipKey.of(label.getClip()), values.serialize(topic, label))));
            }
            producer.flush();
            for (int i = 0; i < sent.size(); i++) {
                LabelFeedback label = labels.get(i);
                try {
                    sent.get(i).get();
                    print(label);
                } catch (ExecutionException e) {
                    refused++;
                    spec.commandLine()
                            .getErr()
                            .println("migr: The label of " + ClipKey.name(label.getClip())
                                    + " was rejected by the broker: "
                                    + e.getCause().getMessage());
                }
            }
        }
        return refused;
    }

    private void print(LabelFeedback label) {
        PrintWriter out = spec.commandLine().getOut();
        String name = ClipKey.name(label.getClip());
        String word = LabelFile.word(label.getEmotion());
        out.println(
                json
                        ? JSON.createObjectNode()
                                .put("clip", name)
                                .put("emotion", word)
                                .put("annotator", label.getAnnotator())
                                .toString()
                        : name + "  " + word + ", labelled by " + label.getAnnotator());
        out.flush();
    }
}
