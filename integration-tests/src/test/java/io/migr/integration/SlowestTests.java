package io.migr.integration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Prints the ten slowest tests of a build, from the reports that Surefire wrote in every module. */
final class SlowestTests {
    private static final int SHOWN = 10;

    /** One test method, or one invocation of a parameterised one. */
    record Timing(String test, double seconds) {}

    private SlowestTests() {}

    /** Arguments: the root of the build, and when the build began, so that older reports are left out. */
    public static void main(String[] arguments) throws IOException {
        System.out.println("The " + SHOWN + " slowest tests:");
        for (Timing timing : slowest(Path.of(arguments[0]), Instant.parse(arguments[1]))) {
            System.out.printf(Locale.ROOT, "%8.1f s  %s%n", timing.seconds(), timing.test());
        }
    }

    /** The slowest tests in reports of {@code ROOT/MODULE/target} written since a time, slowest first. */
    static List<Timing> slowest(Path root, Instant since) throws IOException {
        List<Timing> timings = new ArrayList<>();
        for (Path report : reports(root)) {
            if (!Files.getLastModifiedTime(report).toInstant().isBefore(since)) {
                timings.addAll(read(report));
            }
        }
        return timings.stream()
                .sorted(Comparator.comparingDouble(Timing::seconds).reversed())
                .limit(SHOWN)
                .toList();
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.find(root, 4, (file, attributes) -> isReport(root.relativize(file)))) {
            return files.sorted().toList();
        }
    }

    private static boolean isReport(Path file) {
        return file.getNameCount() == 4
                && file.getName(1).toString().equals("target")
                && file.getName(2).toString().startsWith("surefire-reports")
                && file.getName(3).toString().matches("TEST-.*\\.xml");
    }

    private static List<Timing> read(Path report) throws IOException {
        List<Timing> timings = new ArrayList<>();
        try (InputStream in = Files.newInputStream(report)) {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                timings.add(new Timing(
                        test.getAttribute("classname") + "." + test.getAttribute("name"),
                        Double.parseDouble(test.getAttribute("time").replace(",", ""))));
            }
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("The test report " + report + " is not XML: " + e.getMessage(), e);
        }
        return timings;
    }
}
