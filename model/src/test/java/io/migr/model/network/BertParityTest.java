package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelConfigFile;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The text encoder and the gate against parity/bert; padded positions are not compared. */
final class BertParityTest extends FixtureTest {
    BertParityTest() {
        super("bert");
    }

    @Test
    void hiddenStatesAndGate() throws IOException {
        TextGate.Config config = ModelConfigFile.text(parity.json("config.json"));
        Weights weights = load(TextGate.manifest(config), TextGate::unused);
        TextGate gate = new TextGate(config, weights, kernels);
        boolean[][] mask = flags(expected.get("attention_mask"));
        NDArray ids = given("input_ids");
        NDArray types = given("token_type_ids");
        for (int depth = 0; depth <= config.layers(); depth++) {
            real("hidden_states." + depth, mask, gate.hidden(root, ids, types, mask, depth));
        }
        NDArray last = gate.hidden(root, ids, types, mask, config.layers());
        real("last_hidden_state", mask, last);
        check("gate_logits", gate.gateLogits(root, last));
        check("branch_probs", gate.branchWeights(root, ids, types, mask));
        checkEpsilon(weights, "embeddings.LayerNorm", "model.bert_model.embeddings.LayerNorm", config.epsilon());
    }

    private void real(String name, boolean[][] mask, NDArray actual) {
        float[] wanted = expected.get(name).floats();
        float[] flat = actual.toFloatArray();
        int length = mask[0].length;
        int width = flat.length / (mask.length * length);
        for (int row = 0; row < mask.length * length; row++) {
            if (!mask[row / length][row % length]) {
                Arrays.fill(flat, row * width, (row + 1) * width, 0);
                Arrays.fill(wanted, row * width, (row + 1) * width, 0);
            }
        }
        Parity.close(name, wanted, flat, Parity.ACTIVATIONS);
    }
}
