package io.migr.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.trainer.base.BaseTraining;
import io.migr.trainer.judge.VerifierReport;
import io.migr.trainer.judge.VerifierTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the training commands. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains models.",
        subcommands = {TrainNow.class, TrainRepeat.class, Train.Base.class, Train.VerifierCommand.class})
public final class Train implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A subcommand is missing: migr train now, migr train repeat, migr train base or migr train verifier");
    }

    /** Trains the verifier, which reads the emotions that sentences assert. */
    @Command(
            name = "verifier",
            mixinStandardHelpOptions = true,
            description = {
                "Trains the reward's verifier, which also marks a worker's results as consistent or not, from nothing"
                        + " but a seed; a minute or two.",
                "Its report says which share of sentences it reads exactly: the policy's (never seen in training), the"
                        + " reward's (trained on), the judge's (held out) and the judge's denials and doubts (held"
                        + " out). Below what is needed it is refused and not written."
            })
    public static final class VerifierCommand implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "DIR",
                description = "where verifier.safetensors and verifier-words.txt are written")
        private Path folder;

        @Option(names = "--seed", description = "of weights and examples; default: the shipped one's")
        private long seed = VerifierTraining.SEED;

        @Option(names = "--steps", description = "steps of 96 sentences; default: the shipped one's")
        private int steps = VerifierTraining.STEPS;

        @Override
        public Integer call() throws IOException {
            if (steps < 1) {
                throw new ParameterException(spec.commandLine(), "--steps must be 1 or more, not " + steps + ".");
            }
            PrintWriter err = spec.commandLine().getErr();
            VerifierReport report = new VerifierTraining(seed, steps, line -> {
                        err.println(line);
                        err.flush();
                    })
                    .run(folder);
            PrintWriter out = spec.commandLine().getOut();
            out.println(report);
            out.println("The verifier is in " + folder + "; a worker uses it with  --verifier-folder " + folder);
            return 0;
        }
    }

    /** Trains the shipped weights from nothing but seeds. */
    @Command(
            name = "base",
            mixinStandardHelpOptions = true,
            description = {
                "Trains the tiny model on the corpus: towers, then the decoder on explanations in order of importance.",
                "Stopped at any time, the same command goes on. The defaults are those of the shipped weights: 8 GB of"
                        + " rendered clips, three hours on two cores."
            })
    public static final class Base implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "checkpoints, metrics.jsonl, model")
        private Path folder;

        @Option(names = "--clips", description = "training clips")
        private Integer clips;

        @Option(names = "--validation-clips", description = "validation clips")
        private Integer validationClips;

        @Option(names = "--vision-steps", description = "steps of the vision tower")
        private Integer visionSteps;

        @Option(names = "--audio-steps", description = "steps of the audio tower")
        private Integer audioSteps;

        @Option(names = "--reasoning-steps", description = "steps of the decoder")
        private Integer reasoningSteps;

        @Option(names = "--from", paramLabel = "MODEL", description = "start from a model; default: random weights")
        private Path from;

        @Option(
                names = "--device",
                description = "cpu, cuda or auto; default: cpu, the shipped one's",
                defaultValue = "cpu")
        private String device;

        @Option(names = "--float32", description = "no bfloat16: slower where the processor has it, exact")
        private boolean exact;

        @Override
        public Integer call() throws IOException {
            BaseTraining.Settings usual = BaseTraining.Settings.shipped(folder);
            BaseTraining.Settings settings = new BaseTraining.Settings(
                    folder,
                    usual.name(),
                    usual.size(),
                    positive("--clips", clips, usual.clips()),
                    positive("--validation-clips", validationClips, usual.validationClips()),
                    positive("--vision-steps", visionSteps, usual.visionSteps()),
                    positive("--audio-steps", audioSteps, usual.audioSteps()),
                    positive("--reasoning-steps", reasoningSteps, usual.reasoningSteps()),
                    usual.seed(),
                    !exact,
                    from,
                    device);
            PrintWriter err = spec.commandLine().getErr();
            Path model = new BaseTraining(settings, line -> {
                        err.println(text(line));
                        err.flush();
                    })
                    .run();
            spec.commandLine()
                    .getOut()
                    .println("The model is in " + model + "; measure it with  ./migr evaluate" + " --model-folder "
                            + model);
            return 0;
        }

        private int positive(String option, Integer given, int usual) {
            if (given != null && (given < 1 || option.endsWith("clips") && given > usual)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " must be 1 or more" + (option.endsWith("clips") ? ", at most " + usual : "")
                                + ", not " + given + ".");
            }
            return given == null ? usual : given;
        }

        private static String text(ObjectNode line) {
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%-18s %5d of %d",
                    line.path("stage").asText(),
                    line.path("step").asInt(),
                    line.path("steps").asInt()));
            line.properties().forEach(part -> {
                if (part.getValue().isDouble() && !part.getKey().equals("learning_rate")) {
                    text.append(String.format(
                            Locale.ROOT,
                            "  %s %.3f",
                            part.getKey(),
                            part.getValue().asDouble()));
                }
            });
            return text.toString();
        }
    }
}
