package io.migr.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.schemas.EvidenceDecomposition;
import io.migr.schemas.ModalityImportance;

/** Writes modality importance as JSON, for results and for reports of replays. */
public final class ImportanceJson {
    private ImportanceJson() {}

    /** Shares, dominance, the four values v(S), and what the evidence consists of; null if the record is older. */
    public static ObjectNode of(ModalityImportance importance) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("visual", importance.getVisualShare())
                .put("audio", 1 - importance.getVisualShare())
                .put("dominant", ReplayJson.word(importance.getDominant()));
        json.putObject("log_probability")
                .put("none", importance.getVNone())
                .put("visual", importance.getVVisual())
                .put("audio", importance.getVAudio())
                .put("both", importance.getVBoth());
        EvidenceDecomposition evidence = importance.getDecomposition();
        if (evidence == null) {
            return json.putNull("evidence");
        }
        json.putObject("evidence")
                .put("total", evidence.getTotal())
                .put("unique_visual", evidence.getUniqueVisual())
                .put("unique_audio", evidence.getUniqueAudio())
                .put("redundancy", evidence.getRedundancy())
                .put("synergy", evidence.getSynergy());
        return json;
    }
}
