package io.migr.trainer.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.evaluation.promotion.PromotionGate.Finding;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.model.checkpoint.ModelConfigFile;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ArtifactStore.Artifact;
import io.migr.runtime.models.ModelFiles;
import io.migr.runtime.models.ModelRegistry;
import io.migr.runtime.models.ModelVersions;
import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.TrainingStage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Plans rounds, runs them and publishes their results. A round has a folder named after the version that it makes; a
 * round with a plan file but no end file is resumed. Publishing is idempotent: it first checks what has been published.
 * The version is added as a candidate, then promoted or rejected.
 */
public final class RoundRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = "plan.json";
    private static final String END = "end.json";

    /**
     * How a round ended.
     *
     * @param stage promoted, rejected or nothing to learn
     * @param version the version it made; empty if it made none
     * @param text the reason, for people
     * @param numbers metrics and counts of examples by name
     * @param request offset of the last request that the round answers; null: none
     */
    public record End(TrainingStage stage, String version, String text, Map<String, Double> numbers, Long request) {}

    private final Configuration configuration;
    private final ExampleLog log;
    private final ModelRegistry registry;
    private final ArtifactStore store;
    private final Path configured;
    private final Path folder;

    /**
     * Creates the runner of one trainer.
     *
     * @param configured folder of the configured weights, which are live if no version is
     * @param folder for this trainer's files; no other trainer may use it at the same time
     */
    public RoundRunner(
            Configuration configuration,
            ExampleLog log,
            ModelRegistry registry,
            ArtifactStore store,
            Path configured,
            Path folder) {
        RoundRecipe.check(configuration);
        this.configuration = configuration;
        this.log = log;
        this.registry = registry;
        this.store = store;
        this.configured = configured;
        this.folder = folder;
    }

    private Path rounds() {
        return folder.resolve("rounds");
    }

    /** The plan of a round that has started and not ended; empty if there is none. */
    Optional<RoundPlan> unfinished() throws IOException {
        for (Path round : folders()) {
            if (!Files.exists(round.resolve(END))) {
                return Optional.of(JSON.readValue(round.resolve(PLAN).toFile(), RoundPlan.class));
            }
        }
        return Optional.empty();
    }

    private List<Path> folders() throws IOException {
        if (!Files.isDirectory(rounds())) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(rounds())) {
            return all.filter(round -> Files.exists(round.resolve(PLAN)))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The end of the round that answered a request, in case this trainer was killed before it could report it.
     *
     * @param request offset of the request
     * @param askedAt when the request was written, ms; needed because a recreated topic uses the same offsets again
     */
    Optional<End> findAnswer(long request, long askedAt) throws IOException {
        for (Path round : folders()) {
            Path ended = round.resolve(END);
            if (Files.exists(ended) && Files.getLastModifiedTime(ended).toMillis() >= askedAt) {
                End end = JSON.readValue(ended.toFile(), End.class);
                if (end.request() != null && end.request() >= request) {
                    return Optional.of(end);
                }
            }
        }
        return Optional.empty();
    }

    /** By partition, the offset after the last example that any version was trained or evaluated on. */
    Map<Integer, Long> usedOffsets() {
        Map<Integer, Long> used = new HashMap<>();
        for (ModelVersion version : registry.versions().all()) {
            version.getTrainedOn().forEach(range -> used.merge(range.getPartition(), range.getTo(), Math::max));
        }
        return used;
    }

    /**
     * Fixes the plan of the next round.
     *
     * @param request offset of the last request that the round answers; null: none
     */
    RoundPlan freeze(Long request) throws IOException {
        Optional<ModelVersion> serving = registry.versions().serving(configuration.carriesMedia());
        String parent = serving.map(ModelVersion::getId).orElse(registry.configured());
        String sha256;
        if (serving.isPresent()) {
            sha256 = serving.get().getSha256();
        } else {
            Artifact kept = store.put(configured); // keeps the round repeatable if these weights change
            sha256 = kept.sha256();
        }
        boolean readsCues = ModelConfigFile.read(store.fetch(sha256).resolve("config.json"))
                .network()
                .readsCues();
        RoundPlan plan = new RoundPlan(
                RoundRecipe.of(configuration, parent, sha256, readsCues),
                log.newest(configuration.number(Key.TRAINER_RECORDS)),
                request);
        Path round = Files.createDirectories(rounds().resolve(version(plan)));
        if (!Files.exists(round.resolve(PLAN))) {
            Round.writeWhole(round.resolve(PLAN), JSON.writeValueAsString(plan));
        }
        return plan;
    }

    /** The id of the version a plan makes. */
    String version(RoundPlan plan) throws IOException {
        Path parent = store.fetch(plan.recipe().parentSha256());
        return plan.version(ModelConfigFile.read(parent.resolve("config.json")).name());
    }

    /**
     * Runs a round from its current state to its end.
     *
     * @param holds whether this trainer may still publish: false after it has lost the partition of requests
     */
    End run(RoundPlan plan, RoundProgress progress, BooleanSupplier holds) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(
                        Files.createDirectories(folder).resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new IOException("Another trainer is using " + folder
                        + ". Give each trainer its own folder with trainer.folder, or stop the other one.");
            }
            return runAlone(plan, progress, holds);
        } catch (OverlappingFileLockException e) {
            throw new IOException("Another trainer in this process is using " + folder + ".", e);
        }
    }

    private End runAlone(RoundPlan plan, RoundProgress progress, BooleanSupplier holds)
            throws IOException, InterruptedException {
        String id = version(plan);
        Path folderOfRound = rounds().resolve(id);
        Path ended = folderOfRound.resolve(END);
        if (Files.exists(ended)) {
            End before = JSON.readValue(ended.toFile(), End.class);
            return new End(
                    before.stage(),
                    before.version(),
                    "The same round was done before: " + before.text(),
                    before.numbers(),
                    plan.request());
        }
        Optional<End> decided = findEnd(plan, id);
        Round round = new Round(plan, folderOfRound, folder.resolve("corpus"), log, store, progress);
        End end = decided.isPresent() ? decided.get() : trainAndJudge(plan, id, round, progress, holds);
        Round.writeWhole(ended, JSON.writeValueAsString(end));
        round.clean();
        return end;
    }

    /** The end of a round that needs no more work; empty if it must be run. */
    private Optional<End> findEnd(RoundPlan plan, String id) {
        ModelVersions versions = registry.versions();
        Optional<ModelVersion> version = versions.find(id);
        if (version.isPresent() && version.get().getStatus() != ModelStatus.CANDIDATE) {
            ModelVersion known = version.get();
            TrainingStage stage =
                    known.getStatus() == ModelStatus.REJECTED ? TrainingStage.REJECTED : TrainingStage.PROMOTED;
            return Optional.of(new End(stage, id, known.getWhy(), known.getMetrics(), plan.request()));
        }
        String live = serving(versions);
        if (version.isEmpty() && !live.equals(plan.recipe().parent())) {
            return Optional.of(endWithNothing(
                    plan,
                    "The round from " + plan.recipe().parent() + " was abandoned because " + live
                            + " became live. Its examples are used in the next round."));
        }
        return Optional.empty();
    }

    /** The version that workers serve: a live one that needs more than the topics carry could not learn from them. */
    private String serving(ModelVersions versions) {
        return versions.serving(configuration.carriesMedia())
                .map(ModelVersion::getId)
                .orElse(registry.configured());
    }

    private static End endWithNothing(RoundPlan plan, String why) {
        return new End(TrainingStage.NOTHING_TO_LEARN, "", why, Map.of(), plan.request());
    }

    private static String nothing(RoundRecipe.Labels rule, ExampleCounts gathered) {
        return gathered.labels() > 0 && gathered.labels() < rule.fewest()
                ? "There are " + gathered.labels()
                        + " labelled clips that this model can use, and learning begins with " + rule.fewest() + ": "
                        + gathered
                : "There is no example to learn from: " + gathered;
    }

    private End trainAndJudge(RoundPlan plan, String id, Round round, RoundProgress progress, BooleanSupplier holds)
            throws IOException, InterruptedException {
        Optional<Path> candidate;
        try {
            candidate = round.train();
        } catch (ExamplesGoneException e) {
            return endWithNothing(plan, e.getMessage());
        }
        ExampleCounts gathered = round.counts();
        if (candidate.isEmpty()) {
            return new End(
                    TrainingStage.NOTHING_TO_LEARN,
                    "",
                    nothing(plan.recipe().labelRule(), gathered),
                    gathered.numbers(),
                    plan.request());
        }
        Verdict verdict = round.judge();
        if (!holds.getAsBoolean()) {
            throw new RoundStoppedException();
        }
        Map<String, Double> numbers = new TreeMap<>(gathered.numbers());
        numbers.putAll(numbers(verdict));
        progress.report(TrainingStage.EVALUATING, 1, 1, numbers, verdict.why());
        ModelNeeds needs =
                ModelConfigFile.read(candidate.get().resolve("config.json")).needsMedia()
                        ? ModelNeeds.MEDIA
                        : ModelNeeds.CUES;
        return publish(plan, id, store.put(candidate.get()), needs, verdict, numbers);
    }

    /**
     * Trains a version again from the same examples, in a temporary folder; nothing is published.
     *
     * @return the SHA-256 of the resulting artifact
     * @throws IllegalArgumentException if there is no such version or it was not made by a round
     * @throws ExamplesGoneException if its examples have been deleted
     */
    public String repeat(String id, RoundProgress progress) throws IOException {
        RoundPlan plan = RoundPlan.of(registry.version(id));
        Path own = folder.resolve("repeats").resolve(id);
        Round round = new Round(plan, own, folder.resolve("corpus"), log, store, progress);
        Path candidate = round.train()
                .orElseThrow(() -> new IllegalStateException("None of the examples of " + id + " can be used now."));
        String sha256 = ModelFiles.hash(candidate);
        round.clean();
        round.remove();
        return sha256;
    }

    private static Map<String, Double> numbers(Verdict verdict) {
        Map<String, Double> numbers = new TreeMap<>();
        for (Finding finding : verdict.findings()) {
            String name = finding.set() + "." + finding.metric().key();
            put(numbers, name, finding.candidate());
            put(numbers, name + ".parent", finding.live());
            put(numbers, name + ".gain.low", finding.difference().low());
            put(numbers, name + ".gain.high", finding.difference().high());
        }
        return numbers;
    }

    private static void put(Map<String, Double> numbers, String name, double value) {
        if (Double.isFinite(value)) {
            numbers.put(name, value);
        }
    }

    private End publish(
            RoundPlan plan,
            String id,
            Artifact artifact,
            ModelNeeds needs,
            Verdict verdict,
            Map<String, Double> numbers) {
        ModelVersions versions = registry.versions();
        if (versions.find(id).isEmpty()) {
            ModelVersion version = ModelVersion.newBuilder()
                    .setId(id)
                    .setParent(plan.recipe().parent())
                    .setArtifact(artifact.uri())
                    .setSha256(artifact.sha256())
                    .setStatus(ModelStatus.CANDIDATE)
                    .setTrainedOn(new ArrayList<>(
                            plan.ranges().stream().map(ExampleRange::avro).toList()))
                    .setRecipe(plan.recipeJson())
                    .setMetrics(numbers)
                    .setWhy("")
                    .setChangedAt(Instant.now())
                    .setChangedBy("")
                    .setNeeds(needs)
                    .build();
            versions = registry.add(version, "The gate is asked.");
        }
        String live = serving(versions);
        boolean compared = live.equals(plan.recipe().parent());
        String why = compared
                ? verdict.why()
                : "It was compared with " + plan.recipe().parent() + ", but " + live + " became live: " + verdict.why();
        boolean better = verdict.promoted() && compared;
        Optional<String> unfit = better ? versions.find(id).flatMap(registry::unfit) : Optional.empty();
        boolean promoted = better && unfit.isEmpty();
        if (promoted) {
            registry.promote(id, why, false);
        } else {
            why = unfit.map(reason -> reason + " The gate says: " + verdict.why())
                    .orElse(why);
            registry.reject(id, why, Map.of());
        }
        return new End(promoted ? TrainingStage.PROMOTED : TrainingStage.REJECTED, id, why, numbers, plan.request());
    }
}
