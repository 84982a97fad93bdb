package io.migr.cli.train;

import io.migr.lab.base.PeopleTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the model of measured people from random weights; with the defaults, the shipped weights. */
@Command(
        name = "people",
        mixinStandardHelpOptions = true,
        description = {
            "Trains the model people on clips in cue space: faces and voices as they are measured, drawn with the errors"
                    + " of measurement.",
            "It can be stopped at any time; the same command resumes it. The defaults are those of the shipped weights."
        })
public final class TrainPeople implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for the checkpoint, metrics.jsonl and the model")
    private Path folder;

    @Option(names = "--steps", description = "training steps of 16 clips")
    private Integer steps;

    @Option(names = "--validation-clips", description = "number of validation clips, at least 48")
    private Integer validationClips;

    @Override
    public Integer call() throws IOException {
        PeopleTraining.Settings usual = PeopleTraining.Settings.shipped(folder);
        PeopleTraining.Settings settings = new PeopleTraining.Settings(
                folder,
                usual.clips(),
                atLeast("--validation-clips", validationClips, 48, usual.validationClips()),
                atLeast("--steps", steps, 1, usual.steps()),
                usual.seed(),
                usual.bfloat());
        PrintWriter err = spec.commandLine().getErr();
        Path model = new PeopleTraining(settings, line -> {
                    err.println(Train.Base.text(line));
                    err.flush();
                })
                .run();
        spec.commandLine()
                .getOut()
                .println("The model is in " + model + "; measure it with  ./migr evaluate --model-folder " + model);
        return 0;
    }

    private int atLeast(String option, Integer given, int least, int usual) {
        if (given != null && given < least) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + least + " or more, not " + given + ".");
        }
        return given == null ? usual : given;
    }
}
