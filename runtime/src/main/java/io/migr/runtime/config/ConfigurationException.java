package io.migr.runtime.config;

import java.util.List;

/** Lists everything that is wrong with a configuration, one problem per line. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(List<String> problems) {
        super("The configuration has " + problems.size() + (problems.size() == 1 ? " problem" : " problems") + ":\n  "
                + String.join("\n  ", problems));
    }
}
