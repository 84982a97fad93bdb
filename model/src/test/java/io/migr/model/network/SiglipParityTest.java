package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelConfigFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The vision tower against parity/siglip. */
final class SiglipParityTest extends FixtureTest {
    SiglipParityTest() {
        super("siglip");
    }

    @Test
    void hiddenStates() throws IOException {
        VisionTower.Config config = ModelConfigFile.vision(parity.json("config.json"));
        Weights weights = load(VisionTower.manifest(config), name -> VisionTower.unused(config, name));
        VisionTower tower = new VisionTower(config, weights, kernels);
        NDArray pixels = given("pixel_values");
        for (int depth = 0; depth < config.layers(); depth++) {
            check("hidden_states." + depth, tower.hidden(root, pixels, depth));
        }
        check("selected_minus2", tower.features(root, pixels));
        checkEpsilon(
                weights, "layers.0.layer_norm1", VisionTower.PREFIX + "encoder.layers.0.layer_norm1", config.epsilon());
    }
}
