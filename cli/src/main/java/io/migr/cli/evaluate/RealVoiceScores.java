package io.migr.cli.evaluate;

import io.migr.cli.evaluate.RealClips.Answered;
import io.migr.schemas.VoiceCues;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Compares what was heard in recordings with what is in them. */
final class RealVoiceScores {
    private RealVoiceScores() {}

    static RealScores of(List<Answered> all) {
        RealScores scores = new RealScores();
        List<Answered> plain = only(all, one -> one.entry().variant() == null);
        scores.add("speech heard, speech", only(plain, one -> kind(one, "speech")), RealVoiceScores::speech);
        all.stream()
                .map(one -> one.entry().variant())
                .filter(Objects::nonNull)
                .distinct()
                .forEach(variant -> scores.add(
                        "speech heard, speech as " + variant,
                        only(all, one -> variant.equals(one.entry().variant()) && kind(one, "speech")),
                        RealVoiceScores::speech));
        scores.add("speech heard, singing", only(plain, one -> kind(one, "singing")), RealVoiceScores::speech);
        scores.add(
                "speech heard, no voice (false)", only(plain, one -> kind(one, "nonvoice")), RealVoiceScores::speech);
        plain.stream()
                .filter(one -> kind(one, "event"))
                .map(RealVoiceScores::event)
                .distinct()
                .sorted()
                .forEach(event -> scores.add(
                        "speech or loud voiced event, " + event,
                        only(plain, one -> kind(one, "event") && event(one).equals(event)),
                        RealVoiceScores::heard));
        scores.add(
                "speech or loud voiced event, shouted speech",
                only(plain, one -> kind(one, "speech") && event(one).equals("shout")),
                RealVoiceScores::heard);
        scores.add(
                "speech or loud voiced event, no voice (false)",
                only(plain, one -> kind(one, "nonvoice")),
                RealVoiceScores::heard);
        scores.add("prediction abstained", all, one -> one.prediction().getAbstained());
        return scores;
    }

    private static boolean kind(Answered one, String kind) {
        return one.entry().label().path("kind").asText().equals(kind);
    }

    private static String event(Answered one) {
        return one.entry().label().path("event").asText();
    }

    private static boolean speech(Answered one) {
        VoiceCues voice = one.request().getAudio().getVoice();
        return voice != null && !voice.getSpeech().isEmpty();
    }

    private static boolean heard(Answered one) {
        return speech(one) || !one.request().getAudio().getVoice().getEvents().isEmpty();
    }

    private static List<Answered> only(List<Answered> all, Predicate<Answered> which) {
        return all.stream().filter(which).toList();
    }
}
