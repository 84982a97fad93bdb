package io.migr.cli.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.evaluate.RealClips.Answered;
import io.migr.cli.watch.ResultPrinter;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.runtime.config.Configuration;
import io.migr.schemas.FaceCues;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import picocli.CommandLine;

/** Measures a folder of labelled files and prints the scores. */
final class RealReport {
    private RealReport() {}

    /**
     * Returns the exit code: 1 if a file could not be read.
     *
     * @param writeTo folder for {@code answers.jsonl}, one line a file; null: it is not written
     */
    static int print(
            Configuration configuration,
            RealFolder folder,
            boolean json,
            Path writeTo,
            CommandLine line,
            IntConsumer progress)
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
            if (writeTo != null) {
                write(answered, Files.createDirectories(writeTo).resolve("answers.jsonl"));
                err.println("answers.jsonl is in " + writeTo);
                err.flush();
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

    private static void write(List<Answered> answered, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Answered one : answered) {
            ObjectNode json = ResultPrinter.json(new Result(one.prediction(), one.explanation(), null, null));
            json.put("file", one.entry().name()).put("variant", one.entry().variant());
            json.set("label", one.entry().label());
            FaceCues face = one.request().getVisual().getFace();
            if (face != null && face.getExpression() != null) {
                ObjectNode looks = json.putObject("expression");
                RealFaceScores.looks(face.getExpression()).forEach((name, value) -> looks.put(name, value));
            }
            lines.add(json.toString());
        }
        Files.write(file, lines);
    }

    private static String perception(Answered one, boolean faces) {
        return faces
                ? one.request().getVisual().getFace().getMeasuredBy()
                : one.request().getAudio().getVoice().getMeasuredBy();
    }
}
