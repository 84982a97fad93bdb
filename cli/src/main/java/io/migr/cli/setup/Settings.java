package io.migr.cli.setup;

import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Configuration on the command line: every {@link Key} is a flag of every command that has this mixin. */
public final class Settings {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "properties file; default: $MIGR_CONFIG or migr.properties")
    private Path file;

    @Option(
            names = "--kafka",
            paramLabel = "NAME=VALUE",
            description = "a setting for every Kafka client, e.g. --kafka security.protocol=SSL")
    private Map<String, String> kafka = new LinkedHashMap<>();

    private final Map<String, String> flags = new LinkedHashMap<>();

    /** Adds a flag for each key to a command and its subcommands. */
    public static void register(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        CommandSpec mixin = spec.mixins().get("settings");
        if (mixin != null) {
            Settings settings = (Settings) mixin.userObject();
            for (Key key : Key.values()) {
                ISetter setter = new ISetter() {
                    @Override
                    @SuppressWarnings("TypeParameterUnusedInFormals")
                    public <T> T set(T value) {
                        if (value != null) {
                            settings.flags.put(key.property(), (String) value);
                        }
                        return null;
                    }
                };
                spec.addOption(OptionSpec.builder("--" + key.flag())
                        .paramLabel("VALUE")
                        .type(String.class)
                        .hidden(true)
                        .description(key.meaning())
                        .setter(setter)
                        .build());
            }
            spec.usageMessage()
                    .footer("", "Every key that `migr config` lists is also a flag, e.g. --kafka-bootstrap-servers.");
        }
        line.getSubcommands().values().forEach(Settings::register);
    }

    /** The configuration: flags, then environment, then the properties file, then defaults. */
    public Configuration configuration() {
        Map<String, String> all = new LinkedHashMap<>(flags);
        kafka.forEach((name, value) -> all.put("kafka." + name, value));
        String configured = System.getenv("MIGR_CONFIG");
        Path from = file != null ? file : Path.of(configured != null ? configured : "migr.properties");
        if (file != null && !java.nio.file.Files.isRegularFile(file)) {
            throw new EnvironmentException("There is no configuration file " + file + ".");
        }
        return Configuration.of(all, System.getenv(), from);
    }
}
