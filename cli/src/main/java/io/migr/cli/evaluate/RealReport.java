package io.migr.cli.evaluate;

import io.migr.cli.evaluate.RealClips.Answered;
import io.migr.runtime.config.Configuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntConsumer;
import picocli.CommandLine;

/** Measures a folder of labelled files and prints the scores. */
final class RealReport {
    private RealReport() {}

    /** Returns the exit code: 1 if a file could not be read. */
    static int print(
            Configuration configuration, RealFolder folder, boolean json, CommandLine line, IntConsumer progress)
            throws IOException, InterruptedException {
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        try (RealClips clips = new RealClips(configuration)) {
            List<Answered> answered = clips.run(folder.entries(), progress);
            err.println();
            clips.problems().forEach(problem -> err.println("not counted: " + problem));
            err.flush();
            if (answered.isEmpty()) {
                throw new IllegalStateException("None of the files could be read, so nothing was measured.");
            }
            RealScores scores = folder.faces() ? RealFaceScores.of(answered) : RealVoiceScores.of(answered);
            String perception = perception(answered.get(0), folder.faces());
            if (json) {
                out.println(scores.json(clips.version(), perception));
            } else {
                out.println(clips.version() + " with " + perception + " on " + answered.size() + " files");
                out.print(scores.table());
            }
            out.flush();
            return clips.problems().isEmpty() ? 0 : 1;
        }
    }

    private static String perception(Answered one, boolean faces) {
        return faces
                ? one.request().getVisual().getFace().getMeasuredBy()
                : one.request().getAudio().getVoice().getMeasuredBy();
    }
}
