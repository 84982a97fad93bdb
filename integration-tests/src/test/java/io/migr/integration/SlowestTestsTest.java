package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.integration.SlowestTests.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowestTestsTest {
    private static final Instant BUILD_START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path root;

    private Path report(String folder, String name, String... cases) throws IOException {
        Path report = Files.createDirectories(root.resolve(folder)).resolve("TEST-" + name + ".xml");
        Files.writeString(report, "<testsuite>" + String.join("", cases) + "</testsuite>");
        return Files.setLastModifiedTime(report, FileTime.from(BUILD_START.plusSeconds(5)));
    }

    private static String test(String name, String seconds) {
        return "<testcase classname=\"A\" name=\"" + name + "\" time=\"" + seconds + "\"/>";
    }

    @Test
    void testsOfAllModulesAndLanesAreSortedByTime() throws IOException {
        report("model/target/surefire-reports", "A", test("quick", "0.5"), test("middle", "3"));
        report("trainer/target/surefire-reports-slow", "A", test("slow", "1,234.5"));
        assertEquals(
                List.of(new Timing("A.slow", 1234.5), new Timing("A.middle", 3), new Timing("A.quick", 0.5)),
                SlowestTests.slowest(root, BUILD_START));
    }

    @Test
    void reportsOfEarlierBuildsAndOtherFilesAreLeftOut() throws IOException {
        Path old = report("model/target/surefire-reports", "Old", test("old", "9"));
        Files.setLastModifiedTime(old, FileTime.from(BUILD_START.minusSeconds(1)));
        report("model/src/surefire-reports", "Source", test("source", "8"));
        report("model/target/other", "Other", test("other", "7"));
        report("model/target/surefire-reports", "New", test("new", "1"));
        assertEquals(List.of(new Timing("A.new", 1)), SlowestTests.slowest(root, BUILD_START));
    }

    @Test
    void onlyTenAreListed() throws IOException {
        String[] cases = new String[12];
        for (int i = 0; i < cases.length; i++) {
            cases[i] = test("test" + i, String.valueOf(i));
        }
        report("model/target/surefire-reports", "A", cases);
        List<Timing> slowest = SlowestTests.slowest(root, BUILD_START);
        assertEquals(10, slowest.size());
        assertEquals(new Timing("A.test11", 11), slowest.get(0));
        assertEquals(new Timing("A.test2", 2), slowest.get(9));
    }

    @Test
    void aReportThatIsNotXmlIsNamed() throws IOException {
        Path report = report("model/target/surefire-reports", "A");
        Files.writeString(report, "no report");
        Files.setLastModifiedTime(report, FileTime.from(BUILD_START.plusSeconds(5)));
        IOException e = assertThrows(IOException.class, () -> SlowestTests.slowest(root, BUILD_START));
        assertTrue(e.getMessage().contains(report.toString()), e.getMessage());
    }
}
