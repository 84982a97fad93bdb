package io.migr.features;

import io.migr.features.RunLog.Track;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses the tracks of a clip and decodes them: usually in one run of FFmpeg; in more if a track is missing or broken,
 * or if there are several.
 */
final class MediaDecoder {
    private static final int MOST_SOUNDS = 4;

    /**
     * What was decoded.
     *
     * @param log describes the whole file
     * @param pictures null if there is no track of them
     * @param pictureNumber number of the track that was chosen; -1 if there is none
     * @param sound {@link SoundTrack#NONE} if there is none
     * @param soundNumber number of the track that was chosen; -1 if there is none
     */
    record Tracks(RunLog log, PictureTrack pictures, int pictureNumber, SoundTrack sound, int soundNumber) {

        /** The time at which both tracks start, seconds: FFmpeg's zero unless both are later. */
        double zero() {
            double first = pictures == null || pictures.frames().isEmpty() ? Double.NaN : pictures.first();
            double heard = sound.first();
            double zero = Double.isNaN(first) ? heard : Double.isNaN(heard) ? first : Math.min(first, heard);
            return Math.abs(zero) > SoundTrack.TOLERANCE ? zero : 0;
        }
    }

    private final DecodingRun run;
    private final double[] guess;

    /**
     * Prepares decoding without starting a process.
     *
     * @param guess the expected times of the pictures, seconds; see {@link PictureTrack#decode}
     */
    MediaDecoder(DecodingRun run, double[] guess) {
        this.run = run;
        this.guess = guess;
    }

    Tracks decode() throws IOException, MediaRejectedException, InterruptedException {
        PictureTrack pictures = PictureTrack.decode(run, 0, guess, 0);
        RunLog log = pictures.log();
        if (!log.readable()) {
            return new Tracks(log, null, -1, SoundTrack.NONE, -1);
        }
        int seen = candidates(log.video()).stream().findFirst().orElse(-1);
        List<Integer> heard =
                candidates(log.audio()).stream().limit(MOST_SOUNDS).toList();
        int first = heard.isEmpty() ? -1 : heard.get(0);
        if (seen != 0 || first != 0) {
            // FFmpeg stops before it decodes anything if a track is missing; or another track is to be read
            pictures = seen < 0 ? null : PictureTrack.decode(run, seen, guess, first);
            log = seen < 0 ? run.run(null, first) : pictures.log();
        }
        SoundTrack sound = SoundTrack.read(run.sound(), log.blocks());
        if (seen >= 0 && first >= 0 && pictures.frames().isEmpty()) {
            // a track that cannot be decoded may have stopped the run of both
            pictures = PictureTrack.decode(run, seen, guess, -1);
            log = pictures.log();
        }
        if (seen >= 0 && first >= 0 && sound.samples().length == 0) {
            sound = sound(first);
        }
        int chosen = first;
        for (int track : heard.subList(Math.min(1, heard.size()), heard.size())) {
            SoundTrack other = sound(track);
            if (other.spread() > sound.spread()) {
                sound = other;
                chosen = track;
            }
        }
        return new Tracks(log, pictures, seen, sound, chosen);
    }

    private SoundTrack sound(int track) throws IOException, MediaRejectedException, InterruptedException {
        RunLog log = run.run(null, track);
        return SoundTrack.read(run.sound(), log.blocks());
    }

    /** Numbers of the tracks of which one is read: the default, else all, so that the one with a voice can be found. */
    private static List<Integer> candidates(List<Track> tracks) {
        return DefaultTrack.among(IntStream.range(0, tracks.size()).boxed().toList(), number -> tracks.get(number)
                .flagged());
    }
}
