package io.migr.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The list of commands in {@code migr --help}, grouped by topic. */
final class CommandGroups {
    /** Commands by the heading of their group, in the order of the list. */
    static final Map<String, List<String>> GROUPS = groups();

    private static final int NAME_WIDTH = 16;

    private CommandGroups() {}

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Start here", List.of("demo", "doctor", "help"));
        groups.put("Services", List.of("up", "serve", "config"));
        groups.put("Clips and results", List.of("feed", "watch", "label", "dead-letters"));
        groups.put("Models", List.of("models", "train", "replay"));
        groups.put("Evaluation and research", List.of("evaluate", "experiment", "corpus", "bench"));
        return groups;
    }

    /** Makes the help of the root command print the groups. */
    static void register(CommandLine root) {
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::list);
    }

    private static String list(Help help) {
        CommandSpec root = help.commandSpec();
        int width = root.usageMessage().width();
        StringBuilder list = new StringBuilder();
        GROUPS.forEach((heading, commands) -> {
            TextTable table = TextTable.forColumns(
                    help.colorScheme(),
                    new Column(NAME_WIDTH, 2, Overflow.SPAN),
                    new Column(width - NAME_WIDTH, 2, Overflow.WRAP));
            for (String command : commands) {
                UsageMessageSpec usage =
                        root.subcommands().get(command).getCommandSpec().usageMessage();
                table.addRowValues(command, header(usage));
            }
            list.append(String.format("%n%s:%n%s", heading, table));
        });
        return list.toString();
    }

    /** The first line of a command's description. */
    private static String header(UsageMessageSpec usage) {
        return usage.header().length > 0
                ? usage.header()[0]
                : usage.description().length > 0 ? usage.description()[0] : "";
    }
}
