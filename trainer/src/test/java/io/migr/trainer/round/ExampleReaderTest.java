package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.Emotion;
import io.migr.model.network.LogMel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.TrainingExample;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What training reads of examples with sound, and of those from before it. */
class ExampleReaderTest {
    private static final String RELEASED = "../schemas/src/test/resources/released/%d/TrainingExample.avsc";
    /** A clip whose face can be seen. */
    private static final long SEED = IntStream.iterate(0, i -> i + 1)
            .mapToLong(Split.RL::seed)
            .filter(seed -> ClipTruth.of(seed).regime() == Regime.VISUAL_DOMINANT)
            .findFirst()
            .orElseThrow();

    static {
        AvroSafety.set();
    }

    private static TrainingExample example() {
        return Labelled.example("ann", 0, SEED, io.migr.schemas.Emotion.SAD);
    }

    private static ClipInput input(TrainingExample example) {
        return ExampleReader.clip(example, Emotion.SAD, true).input();
    }

    @Test
    void theLogMelIsMadeOfTheSound() {
        TrainingExample example = example();
        float[] samples = SoundCodec.decode(example.getRequest().getAudio().getSound(), "call/ann/0");
        assertArrayEquals(new LogMel().of(samples), input(example).logMel());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anExampleOfAReleaseBeforeSoundIsReadAsBefore(int release) throws IOException {
        TrainingExample written = example();
        AudioFeatures audio = written.getRequest().getAudio();
        ClipInput rendered = RenderedClip.of(SEED, new LogMel()).input();
        audio.setSound(null);
        audio.setMelFrames(rendered.logMel()[0].length);
        audio.setLogMel(LogMelCodec.encode(rendered.logMel()));
        Schema schema = new Schema.Parser().parse(new File(RELEASED.formatted(release)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<TrainingExample>(schema).write(written, encoder);
        TrainingExample read = new SpecificDatumReader<TrainingExample>(schema, TrainingExample.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
        assertNull(read.getRequest().getAudio().getSound());
        ClipInput input = input(read);
        assertArrayEquals(LogMelCodec.decode(audio, "call/ann/0"), input.logMel());
        assertEquals(rendered.voiceActive(), input.voiceActive());
        assertEquals(rendered.frames().size(), input.frames().size());
        assertEquals(written, read);
        CueReading cues = ExampleReader.clip(read, Emotion.SAD, false).input().cues();
        assertTrue(cues.hasFace(), () -> "measured from the pictures: " + cues.faceMissing());
        assertEquals("what the voice sounded like was not recorded", cues.voiceMissing());
    }
}
