package io.migr.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and the Git commit that this build was made from, as {@code --version} prints them. */
final class BuildVersion implements IVersionProvider {
    private static final String RESOURCE = "/migr-version.properties";

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("The build's " + RESOURCE
                        + " is not on the class path: build again with Maven, or run ./migr.");
            }
            build.load(in);
        }
        return new String[] {"migr " + build.getProperty("version") + " (commit " + build.getProperty("commit") + ")"};
    }
}
