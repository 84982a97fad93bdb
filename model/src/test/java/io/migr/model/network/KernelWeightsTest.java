package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.migr.model.checkpoint.ModelSizes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Java hands a layer's weights over as a list; the kernels must name them in the same order. */
final class KernelWeightsTest {

    /** Each line {@code a, b, c, = list} of a kernel text, as its names. */
    private static List<List<String>> named(String file, String list) throws IOException {
        try (InputStream in = KernelWeightsTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.endsWith(", = " + list))
                    .map(line -> List.of(
                            line.substring(0, line.indexOf(", = ")).strip().split(", ")))
                    .toList();
        }
    }

    /** {@code self_attn.q_proj.bias} as the kernels write it: {@code q_proj_bias}. */
    private static List<String> locals(Collection<String> parameters) {
        return parameters.stream()
                .map(name -> name.replace(".weight", "")
                        .replace("self_attn.", "")
                        .replace("mlp.", "")
                        .replace(".conv", "")
                        .replace('.', '_'))
                .toList();
    }

    private static void check(String file, String list, Collection<String> parameters) throws IOException {
        List<List<String>> found = named(file, list);
        assertFalse(found.isEmpty(), file + " takes no weights apart");
        found.forEach(names -> assertEquals(locals(parameters), names));
    }

    @Test
    void ofADecoderLayer() throws IOException {
        Decoder.Config config = ModelSizes.micro(10).decoder();
        check("decoder_layer.torchscript", "w", DecoderLayer.parameters(config).keySet());
    }

    @Test
    void ofAnEncoderLayer() throws IOException {
        check("encoder.torchscript", "w", Arrays.asList(EncoderLayers.SIGLIP));
    }

    @Test
    void ofAProjectorBlock() throws IOException {
        check("projector.torchscript", "torch.slice(w, 0, 13, 1)", Arrays.asList(Projector.BLOCK));
        check("projector.torchscript", "torch.slice(w, 13, 16, 1)", Arrays.asList(Projector.SHORTCUT));
    }
}
