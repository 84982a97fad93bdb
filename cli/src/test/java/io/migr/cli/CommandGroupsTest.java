package io.migr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code migr --help} lists every command once, in a group. */
class CommandGroupsTest {
    private final CommandLine migr = Migr.commandLine();

    @Test
    void everyCommandIsInOneGroup() {
        List<String> grouped = CommandGroups.GROUPS.values().stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
        assertEquals(migr.getSubcommands().keySet().stream().sorted().toList(), grouped);
    }

    @Test
    void theHelpPrintsHeadingsAndCommands() {
        List<String> lines = migr.getUsageMessage().lines().toList();
        CommandGroups.GROUPS.forEach((heading, commands) -> {
            assertEquals(
                    1, lines.stream().filter(line -> line.equals(heading + ":")).count(), heading);
            for (String command : commands) {
                assertEquals(
                        1,
                        lines.stream()
                                .filter(line -> line.startsWith("  " + command + " "))
                                .count(),
                        command);
            }
        });
    }

    @Test
    void everyCommandSaysWhatItDoes() {
        Set<String> commands = migr.getSubcommands().keySet();
        assertTrue(commands.stream()
                .allMatch(command -> migr.getSubcommands()
                                .get(command)
                                .getCommandSpec()
                                .usageMessage()
                                .description()
                                .length
                        > 0));
    }
}
