package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.ClipInput;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.round.ExampleLog;
import io.migr.trainer.round.KafkaExampleLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads, with the trainer's reader, examples that other writers wrote. */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class ExampleLogTest {
    static {
        AvroSafety.set();
    }

    private static final int UNKNOWN_ID = 1_000_000;

    private final List<String> read = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    @Test
    void newerSchemasAreReadAndUnreadableRecordsAreReportedWithoutAffectingOthers(Broker broker) throws Exception {
        Configuration configuration = broker.configuration("schemas", Map.of(Key.TOPIC_PARTITIONS, "1"));
        KafkaClients clients = Broker.clients(configuration);
        String subject = clients.name(Topic.TRAINING_EXAMPLES) + "-value";
        HttpSchemaRegistry registry = new HttpSchemaRegistry(broker.registryUrl(), null);
        String ours = TrainingExample.getClassSchema().toString();
        Schema newer = new Schema.Parser()
                .parse(ours.replace(
                        "\"fields\":[{\"name\":\"clip\"",
                        "\"fields\":[{\"name\":\"tokens\",\"type\":\"int\",\"default\":4},{\"name\":\"clip\""));
        // a field without a default has another name, so the record cannot be resolved
        Schema other = new Schema.Parser().parse(ours.replace("\"name\":\"logMel\"", "\"name\":\"waveform\""));
        try (Clips clips = new Clips(clients)) {
            send(clips, clients, registry.register(subject, newer), example(0), newer);
            send(clips, clients, registry.register(subject + "-elsewhere", other), example(1), other);
            send(clips, clients, UNKNOWN_ID, example(2), TrainingExample.getClassSchema());
            Labelled.send(clips, clients, example(3));
        }
        KafkaExampleLog log = new KafkaExampleLog(clients);
        log.read(log.newest(100), new ExampleLog.Reader() {
            @Override
            public void example(ExampleLog.Place place, long timestamp, TrainingExample example) {
                read.add(ClipKey.name(example.getClip()) + " " + example.getEmotion());
            }

            @Override
            public void unreadable(ExampleLog.Place place, String why) {
                refused.add(place.offset() + ": " + why);
            }
        });
        assertEquals(List.of("call/ann/0 SAD", "call/ann/3 SAD"), read);
        assertEquals(2, refused.size(), refused.toString());
        assertTrue(refused.get(0).startsWith("1: ") && refused.get(0).contains("logMel"), refused.get(0));
        assertTrue(
                refused.get(1).startsWith("2: ") && refused.get(1).contains(String.valueOf(UNKNOWN_ID)),
                refused.get(1));
    }

    private static TrainingExample example(long sequence) {
        return Labelled.example("ann", sequence, new ClipInput(List.of(), new float[128][10], false), Emotion.SAD);
    }

    /** Sends an example as written with another schema; additional fields of that schema get their defaults. */
    private static void send(Clips clips, KafkaClients clients, int id, TrainingExample example, Schema schema)
            throws IOException, InterruptedException {
        Schema ours = TrainingExample.getClassSchema();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        BinaryEncoder first = EncoderFactory.get().directBinaryEncoder(plain, null);
        new SpecificDatumWriter<TrainingExample>(ours).write(example, first);
        boolean renamed = schema.toString().contains("waveform");
        Object generic = new GenericDatumReader<>(renamed ? schema : ours, schema)
                .read(null, DecoderFactory.get().binaryDecoder(plain.toByteArray(), null));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
        BinaryEncoder second = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(generic, second);
        clips.send(clients.name(Topic.TRAINING_EXAMPLES), ClipKey.of(example.getClip()), out.toByteArray());
    }
}
