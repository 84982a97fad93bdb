package io.migr.cli.replay;

import io.migr.cli.models.ModelCommandContext;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.model.ClipAnalyser;
import io.migr.replay.MediaRequests;
import io.migr.replay.ReplayJson;
import io.migr.replay.ReplayPage;
import io.migr.replay.ReplayPlans;
import io.migr.replay.ReplayRange.Resolved;
import io.migr.replay.ReplayReader;
import io.migr.replay.ReplayResult;
import io.migr.replay.ReplayRun;
import io.migr.replay.ReplayTable;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.Topic;
import io.migr.worker.ExplanationVerifier;
import io.migr.worker.ModelLoader;
import io.migr.worker.ModelLoader.Stored;
import io.migr.worker.WorkerVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs recorded requests or clips through a version of the model again and reports what changes. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Runs recorded requests through a version of the model and reports what changes.",
            "With --from-media, pictures and sound are also extracted again from the recorded clips.",
            "Running services are not affected. Results go to the topics replay-predictions and replay-explanations.",
            "It can be stopped at any time; migr replay --id ID resumes it. Run that several times at once to share the"
                    + " work."
        },
        footer = {
            "",
            "agreement      clips with the same emotion before and after",
            "same           clips with every field identical to the last bit, except timings and version",
            "share shift    how much more the face counts than before",
            "inconsistent   the explanation concludes another emotion than the predicted one, or none",
            "ir             the same for labelled clips with a correct prediction",
            "war, uar       accuracy on labelled clips, and recall averaged over the emotions"
        })
public final class Replay implements Callable<Integer> {
    private static final String RECORDED = "recorded";

    @Mixin
    private Settings settings;

    @Mixin
    private ReplayOptions chosen;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description = "the version as migr models list prints it; default: the live one")
    private String model;

    @Option(
            names = "--against",
            paramLabel = "VERSION",
            description = "compare with this version; default: with the recorded results")
    private String against;

    @Option(
            names = "--from-media",
            description = "start from recorded clips instead of requests; the range then refers to the topic clips")
    private boolean media;

    @Option(names = "--id", paramLabel = "ID", description = "id of the replay; if it exists, it is resumed")
    private String id;

    @Option(names = "--report", description = "only print the report of a finished replay")
    private boolean only;

    @Option(names = "--top", paramLabel = "N", description = "show the N clips that changed most; default: 10")
    private int top = 10;

    @Option(names = "--json", description = "print one JSON object instead of a table")
    private boolean json;

    @Option(names = "--out", paramLabel = "DIR", description = "also write replay.html and replay.json to this folder")
    private Path out;

    @Override
    public Integer call() throws Exception {
        refuseBadOptions();
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        ModelCommandContext models = new ModelCommandContext(configuration, spec, json);
        ReplayPlan plan = plan(configuration, clients, models);
        if (only) {
            long done = ReplayRun.done(clients, plan);
            if (done < ReplayRun.size(plan)) {
                throw new IllegalArgumentException("The replay " + plan.getId() + " is not finished: " + done + " of "
                        + ReplayRun.size(plan) + " offsets are done. Continue it with migr replay --id " + plan.getId()
                        + ".");
            }
        } else {
            run(configuration, clients, models, plan);
        }
        ReplayResult result = new ReplayReader(clients, plan, top).read();
        if (result.comparison().clips() + result.comparison().withoutMedia() + result.unmatched() + result.failed()
                == 0) {
            throw new IllegalArgumentException((readsMedia(clients, plan) ? "No clip" : "No request")
                    + (plan.getCall() == null ? "" : " of the call " + plan.getCall())
                    + " is in the range of the replay "
                    + plan.getId() + " (" + plan.getAsked() + ").");
        }
        report(result);
        return 0;
    }

    private void refuseBadOptions() {
        String wrong = null;
        if (id != null && !id.matches("[A-Za-z0-9._-]{1,100}")) {
            wrong = "--id must be 1 to 100 letters, digits, dots, dashes and underscores, not \"" + id + "\".";
        } else if (top < 0 || top > 1000) {
            wrong = "--top must be 0 to 1000, not " + top + ".";
        } else if (only && (id == null || !asked().isEmpty())) {
            wrong = "--report needs --id of a finished replay, and takes no range or version.";
        } else if (id == null && chosen.range().optionText().isEmpty()) {
            wrong = "Choose what to replay: --from, --to, --offsets or --call; or --id of a replay to continue.";
        }
        if (wrong != null) {
            throw new ParameterException(spec.commandLine(), wrong);
        }
    }

    /** All options that choose what to replay and with which versions, as stored in the plan. */
    private String asked() {
        List<String> words = new ArrayList<>();
        if (!chosen.range().optionText().isEmpty()) {
            words.add(chosen.range().optionText());
        }
        if (media) {
            words.add("--from-media");
        }
        if (model != null) {
            words.add("--model " + model);
        }
        if (against != null) {
            words.add("--against " + against);
        }
        return String.join(" ", words);
    }

    /** The stored plan, or a new one. */
    private ReplayPlan plan(Configuration configuration, KafkaClients clients, ModelCommandContext models)
            throws IOException {
        ReplayPlans plans = new ReplayPlans(clients);
        Optional<ReplayPlan> found = id == null ? Optional.empty() : plans.find(id);
        if (found.isEmpty()) {
            if (chosen.range().optionText().isEmpty()) {
                throw new IllegalArgumentException(
                        "There is no replay " + id + ". Choose what to read: --from, --to, --offsets or --call.");
            }
            found = Optional.of(plans.storeIfAbsent(newPlan(configuration, clients, models)));
        }
        if (!asked().isEmpty() && !asked().equals(found.get().getAsked())) {
            throw new IllegalArgumentException("The replay " + id + " already exists, with "
                    + found.get().getAsked() + ". Continue it with --id alone, or choose another id.");
        }
        return found.get();
    }

    private ReplayPlan newPlan(Configuration configuration, KafkaClients clients, ModelCommandContext models)
            throws IOException {
        String version = model != null
                ? model
                : models.registry()
                        .versions()
                        .serving(configuration.carriesMedia())
                        .map(ModelVersion::getId)
                        .orElse(models.registry().configured());
        String other = against == null || against.equals(RECORDED) ? null : against;
        models.folder(version);
        if (other != null) {
            models.folder(other);
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Resolved resolved = chosen.range().resolve(clients, media ? Topic.CLIPS : Topic.INFERENCE_REQUESTS);
        if (!resolved.lost().isEmpty()) {
            spec.commandLine().getErr().println("migr: " + resolved.lost());
        }
        return ReplayPlan.newBuilder()
                .setId(
                        id != null
                                ? id
                                : "replay-" + UUID.randomUUID().toString().substring(0, 8))
                .setRanges(resolved.ranges())
                .setCall(chosen.range().call())
                .setModel(version)
                .setAgainst(other)
                .setBatchSize(configuration.number(Key.WORKER_BATCH_SIZE))
                .setAsked(asked())
                .setStartedAt(now)
                .build();
    }

    /** Whether a plan reads recorded clips, not requests. */
    private static boolean readsMedia(KafkaClients clients, ReplayPlan plan) {
        return ReplayRun.topic(plan).equals(clients.name(Topic.CLIPS));
    }

    private static MediaRequests mediaRequests(Configuration configuration, KafkaClients clients) {
        return new MediaRequests(configuration, clients, Services.extractor(configuration));
    }

    private void run(Configuration configuration, KafkaClients clients, ModelCommandContext models, ReplayPlan plan)
            throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        err.println("migr: replay " + plan.getId() + " of " + ReplayRun.size(plan) + " offsets of "
                + ReplayRun.topic(plan) + " in " + plan.getRanges().size() + " partitions, " + plan.getModel()
                + " against "
                + (plan.getAgainst() == null ? "what was recorded" : plan.getAgainst())
                + "; if stopped, migr replay --id " + plan.getId() + " continues it");
        err.flush();
        ModelLoader loader = Services.loader(configuration);
        List<ClipAnalyser> analysers = new ArrayList<>();
        try (ExplanationVerifier verifier = WorkerVerifier.open(configuration);
                MediaRequests clips = readsMedia(clients, plan) ? mediaRequests(configuration, clients) : null) {
            analysers.add(load(loader, models, plan.getModel()));
            if (plan.getAgainst() != null) {
                analysers.add(load(loader, models, plan.getAgainst()));
            }
            ReplayRun replay = clips == null
                    ? new ReplayRun(clients, plan, analysers, verifier)
                    : new ReplayRun(clients, plan, analysers, verifier, clips);
            replay.run(
                    done -> {
                        err.print("\r" + done + " of " + ReplayRun.size(plan) + " offsets");
                        err.flush();
                    },
                    () -> false);
            err.println();
        } finally {
            analysers.forEach(ClipAnalyser::close);
        }
    }

    private static ClipAnalyser load(ModelLoader loader, ModelCommandContext models, String version)
            throws IOException {
        Path folder = models.folder(version);
        return loader.load(models.isConfigured(version) ? Optional.empty() : Optional.of(new Stored(version, folder)));
    }

    private void report(ReplayResult result) throws IOException {
        PrintWriter lines = spec.commandLine().getOut();
        lines.print(json ? ReplayJson.of(result) + "\n" : ReplayTable.of(result));
        lines.flush();
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve("replay.json"), ReplayJson.of(result).toPrettyString() + "\n");
            Files.writeString(out.resolve("replay.html"), ReplayPage.of(result));
            spec.commandLine().getErr().println("replay.html and replay.json are in " + out);
        }
    }
}
