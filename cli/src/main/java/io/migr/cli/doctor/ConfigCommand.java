package io.migr.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.setup.Settings;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists every configuration key with its value and the source of that value. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = {
            "Lists every configuration key with its value and where the value came from.",
            "The key a.b is a.b in migr.properties, MIGR_A_B in the environment and --a-b on the command line. The"
                    + " command line wins over the environment, and the environment over the file."
        })
public final class ConfigCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Option(names = "--markdown", description = "print docs/configuration.md: all keys with their defaults")
    private boolean markdown;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (markdown) {
            out.print(ConfigurationPage.text());
            out.flush();
            return 0;
        }
        Configuration configuration = settings.configuration();
        for (Key key : Key.values()) {
            String text = configuration.text(key);
            String shown = key.secret() && !text.isEmpty() ? "***" : text;
            if (json) {
                ObjectNode line = JSON.createObjectNode()
                        .put("key", key.property())
                        .put("value", shown)
                        .put("source", configuration.source(key))
                        .put("meaning", key.meaning());
                out.println(line);
            } else {
                out.printf(
                        "%-32s = %-24s # %s%s%n",
                        key.property(),
                        shown,
                        configuration.source(key).equals("default") ? "" : "(" + configuration.source(key) + ") ",
                        key.meaning());
            }
        }
        out.flush();
        return 0;
    }
}
