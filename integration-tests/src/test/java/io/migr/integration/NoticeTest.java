package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** NOTICE names every library of the bill of materials that the module cli wrote earlier in the same build. */
@Tag("slow")
class NoticeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path BILL = ROOT.resolve("cli/target/migr-sbom.json");
    private static final int FEWEST = 90;

    @Test
    void everyLibraryIsNamed() throws IOException {
        assertTrue(Files.exists(BILL), "there is no " + BILL + ": run mvn verify from the root");
        String notice = Files.readString(ROOT.resolve("NOTICE"));
        Set<String> names = new HashSet<>(Arrays.asList(notice.split("[^A-Za-z0-9._-]+|\\.\\s")));
        List<String> missing = new ArrayList<>();
        int libraries = 0;
        for (JsonNode component : new ObjectMapper().readTree(BILL.toFile()).path("components")) {
            String group = component.path("group").asText();
            if (!group.equals("io.migr")) {
                libraries++;
                String name = component.path("name").asText();
                if (!names.contains(name) || !notice.contains(group)) {
                    missing.add(group + ":" + name);
                }
            }
        }
        assertEquals(List.of(), missing, "NOTICE does not name libraries that are shipped");
        assertTrue(libraries >= FEWEST, "the bill of materials lists only " + libraries + " libraries");
    }
}
