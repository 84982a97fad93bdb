package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults are planted in a result. */
class GoldenComparisonTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESULT =
            """
            {"emotion": "SAD", "batchSize": 8, "missing": null, "probabilities": [0.75, 0.0012], "vBoth": -4.5}""";

    private static List<String> differences(String from, String to) throws IOException {
        return GoldenComparison.differences("clip", JSON.readTree(RESULT), JSON.readTree(RESULT.replace(from, to)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SAD | FEAR | clip.emotion: \"SAD\" became \"FEAR\"",
                "8 | 7 | clip.batchSize: 8 became 7",
                "null | \"\" | clip.missing: null became \"\"",
                "0.75 | 0.7501 | clip.probabilities[0]: 0.75 became 0.7501",
                "0.0012 | 0.001212 | clip.probabilities[1]: 0.0012 became 0.001212",
                "-4.5 | -4.4995 | clip.vBoth: -4.5 became -4.4995",
                "0.75, | 0.75, 0.1, | clip.probabilities: [0.75,0.0012] became [0.75,0.1,0.0012]",
                "vBoth | vNone | clip: fields [batchSize, emotion, missing, probabilities, vBoth] became"
                        + " [batchSize, emotion, missing, probabilities, vNone]",
            })
    void aChangeIsNamedWithItsPlace(String from, String to, String line) throws IOException {
        assertEquals(List.of(line), differences(from, to));
    }

    @ParameterizedTest
    @CsvSource({"0.75, 0.75007", "-4.5, -4.5004", "0.0012, 0.001209"})
    void roundingIsNoChange(String from, String to) throws IOException {
        assertEquals(List.of(), differences(from, to));
    }

    @Test
    void theSameIsTheSame() throws IOException {
        assertEquals(List.of(), differences("SAD", "SAD"));
    }
}
