package io.migr.cli.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.evaluation.judge.VerifierReport;
import io.migr.evaluation.judge.VerifierTraining;
import io.migr.lab.base.BaseTraining;
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
        description = "Trains models: from labels, or from random weights.",
        subcommands = {
            TrainNow.class,
            TrainRepeat.class,
            TrainPeople.class,
            Train.Base.class,
            Train.VerifierCommand.class
        })
public final class Train implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A subcommand is missing: migr train now, migr train repeat, migr train people, migr train base or migr"
                        + " train verifier.");
    }

    /** Trains the verifier, which reads the emotions that sentences assert. */
    @Command(
            name = "verifier",
            mixinStandardHelpOptions = true,
            description = {
                "Trains the verifier from random weights; this takes a minute or two. Rewards use it, and workers use it"
                        + " to mark results as consistent or not.",
                "Its report shows the share of sentences that it reads exactly: of the policy (not seen in training),"
                        + " of the reward (seen in training), of the judge (held out), and the judge's denials and"
                        + " doubts (held out). A verifier below the required shares is not written."
            })
    public static final class VerifierCommand implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "DIR",
                description = "folder for verifier.safetensors and verifier-words.txt")
        private Path folder;

        @Option(names = "--seed", description = "seed of weights and examples; default: that of the shipped verifier")
        private long seed = VerifierTraining.SEED;

        @Option(
                names = "--steps",
                description = "training steps of 96 sentences; default: that of the shipped verifier")
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

    /** Trains a model of pictures and sound from random weights; with the defaults, the weights {@code tiny}. */
    @Command(
            name = "base",
            mixinStandardHelpOptions = true,
            description = {
                "Trains the model tiny on the drawn corpus: first the towers, then the decoder on explanations in order of"
                        + " importance.",
                "It can be stopped at any time; the same command resumes it. The defaults are those of the"
                        + " weights tiny: 8 GB of rendered clips, three hours on two cores."
            })
    public static final class Base implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "DIR",
                description = "folder for checkpoints, metrics.jsonl and the model")
        private Path folder;

        @Option(names = "--clips", description = "number of training clips")
        private Integer clips;

        @Option(names = "--validation-clips", description = "number of validation clips")
        private Integer validationClips;

        @Option(names = "--vision-steps", description = "training steps of the vision tower")
        private Integer visionSteps;

        @Option(names = "--audio-steps", description = "training steps of the audio tower")
        private Integer audioSteps;

        @Option(names = "--reasoning-steps", description = "training steps of the decoder")
        private Integer reasoningSteps;

        @Option(
                names = "--from",
                paramLabel = "MODEL",
                description = "folder of a model to start from; default: random weights")
        private Path from;

        @Option(
                names = "--device",
                description = "cpu, cuda or auto; default: ${DEFAULT-VALUE}, as for the weights tiny",
                defaultValue = "cpu")
        private String device;

        @Option(names = "--float32", description = "do not use bfloat16 even if the CPU supports it: slower, exact")
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

        static String text(ObjectNode line) {
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
