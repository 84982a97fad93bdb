package io.migr.worker;

import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.ModalityImportance;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.InferenceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Tries a model on a clip that is shipped for this, before it may serve: with face and voice, with the face alone, with
 * the voice alone. The clip is a drawn one; nobody is shown or heard.
 */
public final class ModelTrial {
    private static final String CLIP = "probe-clip.avro";
    private static final double ROUNDING = 1e-3;

    private ModelTrial() {}

    /**
     * Runs the model on the thread of the caller.
     *
     * @return what it made of the clips
     * @throws IllegalStateException if an answer could not be served; the message says which and why
     */
    public static List<Analysis> of(ClipAnalyser model) {
        List<String> names = List.of("face and voice", "a face alone", "a voice alone");
        List<Analysis> analyses = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            ClipInput input = RequestReader.input(Probe.REQUESTS.get(i), model.needsMedia());
            Analysis analysis = model.analyse(List.of(input)).analyses().get(0);
            String problem = problem(analysis);
            if (problem != null) {
                throw new IllegalStateException(model.version() + " cannot serve: of a clip with " + names.get(i)
                        + " it gives " + problem + ".");
            }
            analyses.add(analysis);
        }
        return analyses;
    }

    /** Read with the first trial. */
    private static final class Probe {
        static {
            AvroSafety.set(); // also needed to copy records
        }

        static final List<InferenceRequest> REQUESTS = requests(probe());
    }

    private static List<InferenceRequest> requests(InferenceRequest both) {
        return List.of(
                both,
                InferenceRequest.newBuilder(both)
                        .setAudio(null)
                        .setAudioMissing("it is left out")
                        .build(),
                InferenceRequest.newBuilder(both)
                        .setVisual(null)
                        .setVisualMissing("it is left out")
                        .build());
    }

    private static InferenceRequest probe() {
        try (InputStream file = ModelTrial.class.getResourceAsStream(CLIP);
                DataFileStream<InferenceRequest> clips =
                        new DataFileStream<>(file, new SpecificDatumReader<>(InferenceRequest.class))) {
            return clips.next();
        } catch (IOException e) {
            throw new UncheckedIOException("The shipped clip " + CLIP + " cannot be read.", e);
        }
    }

    /** What is wrong with an analysis; null: nothing. */
    private static String problem(Analysis analysis) {
        double sum = 0;
        for (Map.Entry<Emotion, Float> one : analysis.probabilities().entrySet()) {
            if (!(one.getValue() >= 0 && one.getValue() <= 1 + ROUNDING)) {
                return "the probability " + one.getValue() + " of "
                        + one.getKey().word();
            }
            sum += one.getValue();
        }
        if (Math.abs(sum - 1) > ROUNDING) {
            return "probabilities whose sum is " + sum;
        }
        if (!analysis.probabilities().containsKey(analysis.emotion())) {
            return analysis.emotion() + ", which is not among its probabilities";
        }
        ModalityImportance importance = analysis.importance();
        for (float value : new float[] {
            importance.vNone(), importance.vVisual(), importance.vAudio(), importance.vBoth(), importance.visualShare()
        }) {
            if (!Float.isFinite(value)) {
                return "a modality importance of " + value;
            }
        }
        return analysis.explanation().steps().isEmpty() ? "an explanation without a step" : null;
    }
}
