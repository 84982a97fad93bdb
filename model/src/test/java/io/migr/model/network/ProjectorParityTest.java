package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Weights;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The projectors and the slow-fast compressor against parity/projector. */
final class ProjectorParityTest extends FixtureTest {
    private Projector projector;

    ProjectorParityTest() {
        super("projector");
    }

    @BeforeEach
    void load() throws IOException {
        var json = parity.json("config.json");
        Projector.Config config = new Projector.Config(
                json.path("mm_hidden_size").asInt(),
                json.path("audio_hidden_size").asInt(),
                json.path("hidden_size").asInt());
        Weights weights = load(Projector.manifest(config), name -> false);
        projector = new Projector(config, weights, kernels);
    }

    @ParameterizedTest
    @CsvSource({"case_a, 8", "case_b, 3", "case_tiny_scale, 2"})
    void branchesAndMix(String name, int frames) {
        NDArray features = given(name + ".frames_features");
        NDArray maps = projector.stage1(root, true, projector.maps(root, features));
        check(name + ".act.s1_video", maps.transpose(0, 3, 1, 2));
        check(name + ".video_features", projector.videoBranch(root, features, frames));
        check(name + ".body_features", projector.bodyBranch(root, features, frames));
        NDArray faces = projector.faceBranch(root, features);
        check(name + ".face_features", faces);
        check(name + ".face_features_pooled", projector.halved(root, faces));
        check(name + ".fused", projector.video(root, features, frames, given(name + ".branch_probs")));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 14})
    void halvesSquareGrids(int side) {
        check("pool2d.side" + side + ".out", projector.halved(root, given("pool2d.side" + side + ".in")));
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 100})
    void audio(int length) {
        String name = "audio.len" + length;
        check(name + ".out", projector.audio(root, given(name + ".tower_output")));
    }

    @Test
    void slowFast() {
        SlowFastCompressor compressor = new SlowFastCompressor(kernels);
        check("slowfast.out", compressor.compress(root, given("slowfast.in")));
        for (Shape unknown : new Shape[] {new Shape(6, 16, 2), new Shape(8, 9, 2), new Shape(8, 12, 2)}) {
            assertThrows(IllegalArgumentException.class, () -> compressor.compress(root, root.zeros(unknown)));
        }
    }
}
