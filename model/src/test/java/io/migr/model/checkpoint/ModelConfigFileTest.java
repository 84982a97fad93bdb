package io.migr.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ModelConfigFileTest {
    private static ObjectNode config(String needs) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("name", "micro");
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

    @Test
    void anUnknownNeedIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> ModelConfigFile.model(config("thoughts")))
                .getMessage();
        assertTrue(message.contains("\"thoughts\"; it must be media or cues"), message);
    }
}
