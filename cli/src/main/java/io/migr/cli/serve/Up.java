package io.migr.cli.serve;

import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Settings;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.service.HealthServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs broker, schema registry, streams and worker in one process until it is stopped. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Runs broker, schema registry, streams and worker in one process, on loopback, until it is stopped.")
public final class Up implements Callable<Integer> {
    private static final int POLL_MS = 500;

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Configuration asked = settings.configuration();
        InstallationFolders.model(asked); // fails before anything starts if the model is missing
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (LocalPlatform platform = LocalPlatform.start(asked, InstallationFolders.data(asked))) {
            out.println("broker     " + platform.configuration().kafka().get("bootstrap.servers") + "  (data in "
                    + InstallationFolders.data(asked) + ")");
            out.println("registry   " + platform.configuration().text(io.migr.runtime.config.Key.SCHEMA_REGISTRY_URL));
            out.flush();
            platform.serve();
            try (HealthServer health = new HealthServer(
                    platform.configuration(),
                    platform.metrics(),
                    platform.services(),
                    platform.clients()::registryProblem)) {
                out.println("health     http://127.0.0.1:" + health.port() + "/readyz");
                out.println(
                        "ready: feed clips with  ./migr feed FILE --consent granted , see results with  ./migr watch");
                out.flush();
                Thread hook = new Thread(() -> {
                    stop.countDown();
                    try {
                        stopped.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                Runtime.getRuntime().addShutdownHook(hook);
                while (platform.failure() == null && !stop.await(POLL_MS, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    // wait until stopped or failed
                }
                if (platform.failure() != null) {
                    throw new IllegalStateException(platform.failure());
                }
            }
        } finally {
            stopped.countDown();
        }
        return 0;
    }
}
