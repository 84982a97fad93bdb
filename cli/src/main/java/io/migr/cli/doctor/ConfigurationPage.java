package io.migr.cli.doctor;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;

/** The text of {@code docs/configuration.md}, generated from the keys. */
final class ConfigurationPage {
    private static final String HEAD =
            """
            # Configuration

            This page is generated: `./migr config --markdown > docs/configuration.md`. A test fails when it is not
            current.

            Every setting can be given in three places. The first of these that has it wins:

            1. a flag of the command: `--worker-batch-size 4`
            2. an environment variable: `MIGR_WORKER_BATCH_SIZE=4`
            3. a line of the file `migr.properties` in the current folder, or of the file that `--config` or
               `MIGR_CONFIG` names: `worker.batch.size=4`

            `./migr config` prints every key with its value and where the value came from. All mistakes are reported
            together; for a key that does not exist, the most similar key is named.

            Settings that begin with `kafka.` are passed to every Kafka client as they are:
            `kafka.security.protocol=SSL` in the file, `--kafka security.protocol=SSL` as a flag.

            ## Keys

            | key | default | value | meaning |
            |---|---|---|---|
            """;

    private static final String VARIABLES =
            """

            ## Environment variables that are not keys

            | variable | meaning |
            |---|---|
            """;

    private ConfigurationPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Key key : Key.values()) {
            page.append("| `")
                    .append(key.property())
                    .append("` | ")
                    .append(key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`")
                    .append(" | ")
                    .append(key.form())
                    .append(" | ")
                    .append(key.meaning())
                    .append(" |\n");
        }
        page.append(VARIABLES);
        Configuration.variables().forEach((name, meaning) -> page.append("| `")
                .append(name)
                .append("` | ")
                .append(meaning)
                .append(" |\n"));
        return page.toString();
    }
}
