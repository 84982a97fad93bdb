package io.migr.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.model.Dominance;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelConfigFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode config(String needs) {
        ObjectNode json = JSON.createObjectNode().put("name", "micro");
        return needs == null ? json : json.put("needs", needs);
    }

    /** Folders of before the key stay valid, and are written again with the same bytes. */
    @Test
    void aModelNeedsMediaUnlessItSaysOtherwise() throws IOException {
        assertTrue(ModelConfigFile.model(config(null)).needsMedia());
        assertTrue(ModelConfigFile.model(config("media")).needsMedia());
        EmotionModelConfig cues = ModelConfigFile.model(config("cues"));
        assertFalse(cues.needsMedia());
        assertFalse(cues.limited(3).needsMedia());
        assertEquals("cues", ModelConfigFile.json(cues).path("needs").asText());
        assertFalse(ModelConfigFile.json(ModelConfigFile.model(config(null))).has("needs"));
    }

    /** Folders of before the keys have the rule without a floor, and are written again with the same bytes. */
    @Test
    void theImportanceRuleIsThatOfTheKeys() throws IOException {
        JsonNode shipped = JSON.readTree(Path.of("weights/tiny/config.json").toFile());
        EmotionModelConfig old = ModelConfigFile.model(shipped);
        assertTrue(old.importance().evidenceFloor().isEmpty());
        assertEquals(shipped, JSON.readTree(ModelConfigFile.json(old).toString()));
        ObjectNode json = shipped.deepCopy();
        json.putObject("evidence_temperature")
                .put("visual", 1.5)
                .put("audio", 0.7)
                .put("both", 1.1);
        ((ObjectNode) json.path("modality_importance")).put("evidence_floor", 0.3);
        ((ObjectNode) json.path("lead_sentences")).putArray("neither").add("the face leads here");
        EmotionModelConfig config = ModelConfigFile.model(json);
        assertEquals(new EvidenceTemperature(1.5, 0.7, 1.1), config.temperature());
        assertEquals(
                new ImportanceRule(
                        old.importance().temperature(), old.importance().tolerance(), 0.3),
                config.importance());
        assertEquals(List.of("the face leads here"), config.leads().get(Dominance.NEITHER));
        assertEquals(json, JSON.readTree(ModelConfigFile.json(config).toString()));
    }

    @Test
    void anEvidenceFloorMustBeANumber() throws IOException {
        ObjectNode json = config(null);
        json.putObject("modality_importance").put("evidence_floor", "low");
        String message = assertThrows(IllegalArgumentException.class, () -> ModelConfigFile.model(json))
                .getMessage();
        assertTrue(message.contains("The evidence floor must be 0 nats or more"), message);
    }

    @Test
    void anUnknownNeedIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> ModelConfigFile.model(config("thoughts")))
                .getMessage();
        assertTrue(message.contains("\"thoughts\"; it must be media or cues"), message);
    }
}
