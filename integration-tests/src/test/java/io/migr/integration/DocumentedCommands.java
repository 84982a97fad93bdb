package io.migr.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands of README.md and docs/*.md, in the order in which a reader meets them. A block that begins with
 * {@code ```bash} is run; one that begins with {@code ```bash needs=...} needs something that a test does not have.
 */
final class DocumentedCommands {
    /** What a block can need: Docker, a GPU, the reader's files or broker, ids from earlier output, or much time. */
    static final Set<String> NEEDS = Set.of("docker", "gpu", "files", "broker", "id", "time");

    private static final String FENCE = "```";
    private static final Pattern INLINE = Pattern.compile("`(\\./migr [^`]+)`");

    /**
     * A line of a block.
     *
     * @param place the page and the line, for messages
     * @param needs what the block needs; empty: nothing
     */
    record Command(String place, String text, String needs) {
        boolean runs() {
            return needs.isEmpty();
        }

        boolean isMigr() {
            return text.startsWith("./migr ");
        }

        /** The words after {@code ./migr}, as a shell splits them; quotes are the only special characters in use. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(text);
            while (word.find()) {
                words.add(word.group(1) == null ? word.group(2) : word.group(1));
            }
            return words.subList(1, words.size());
        }
    }

    private DocumentedCommands() {}

    /** The README first, since it starts the services, then docs/ by name. */
    static List<Path> pages(Path root) throws IOException {
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md")));
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** The commands in blocks of a page. */
    static List<Command> inBlocks(Path page) {
        List<Command> commands = new ArrayList<>();
        String fence = null;
        int number = 0;
        for (String line : lines(page)) {
            number++;
            String place = page.getFileName() + ":" + number;
            if (line.startsWith(FENCE)) {
                fence = fence == null ? line.substring(FENCE.length()).strip() : null;
            } else if (fence != null && fence.startsWith("bash")) {
                String command = line.replaceAll("\\s+#.*", "").strip();
                if (!command.isEmpty()) {
                    commands.add(new Command(place, command, needs(fence, place)));
                }
            } else if (fence != null && line.contains("./migr ")) {
                throw new AssertionError(place + ": a command outside a bash block is not tested: " + line);
            }
        }
        return commands;
    }

    private static String needs(String fence, String place) {
        String needs = fence.substring("bash".length()).strip();
        if (needs.isEmpty()) {
            return "";
        }
        String what = needs.replaceFirst("^needs=", "");
        if (what.equals(needs) || !NEEDS.contains(what)) {
            throw new AssertionError(place + ": a block is bash or bash needs=ONE OF " + NEEDS + ", not " + fence);
        }
        return what;
    }

    /** The commands in the text of a page, without redirections. */
    static List<Command> inText(Path page) {
        List<Command> commands = new ArrayList<>();
        boolean block = false;
        int number = 0;
        for (String line : lines(page)) {
            number++;
            block ^= line.startsWith(FENCE);
            Matcher inline = INLINE.matcher(line);
            while (!block && inline.find()) {
                String command = inline.group(1).replaceAll("\\s+>.*|\\s+\\.\\.\\.$", "");
                commands.add(new Command(page.getFileName() + ":" + number, command, ""));
            }
        }
        return commands;
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
