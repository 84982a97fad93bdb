package io.migr.perception.face;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;

/** What one labeller saw in pictures of people, from labels.json. */
final class FaceLabels {
    private FaceLabels() {}

    /** The entries of some kinds. */
    static List<JsonNode> of(String... kinds) throws IOException {
        JsonNode labels =
                new ObjectMapper().readTree(RealFiles.path("faces/labels.json").toFile());
        List<JsonNode> wanted = new ArrayList<>();
        for (JsonNode entry : labels.path("entries")) {
            if (List.of(kinds).contains(entry.path("kind").asText())) {
                wanted.add(entry);
            }
        }
        return wanted;
    }

    static BufferedImage image(JsonNode entry) throws IOException {
        return ImageIO.read(
                RealFiles.path("faces/" + entry.path("file").asText()).toFile());
    }

    /** Whether the face shows an action unit; empty if the labeller was not sure. */
    static Optional<Boolean> shows(JsonNode entry, int unit) {
        return lists(entry.path("au_unsure"), unit)
                ? Optional.empty()
                : Optional.of(lists(entry.path("au_present"), unit));
    }

    private static boolean lists(JsonNode units, int unit) {
        return StreamSupport.stream(units.spliterator(), false).anyMatch(one -> one.asInt() == unit);
    }

    /** Whether the labeller saw clearly that the face looks happy, neutral or surprised. */
    static boolean clear(JsonNode entry) {
        return !entry.path("confidence").asText().equals("low")
                && List.of("happy", "neutral", "surprise")
                        .contains(entry.path("expression").asText());
    }
}
