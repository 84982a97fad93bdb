package io.migr.features;

import io.migr.features.MediaDecoder.Tracks;
import io.migr.features.RunLog.Block;
import io.migr.features.RunLog.Track;
import io.migr.features.ffmpeg.MediaFormats;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says why media, or one of its tracks, cannot be used: from its first bytes and from what FFmpeg said about it. */
final class Refusal {
    private static final int LOWEST_RATE = 4_000;
    private static final int HIGHEST_RATE = 384_000;
    private static final int MOST_CHANNELS = 16;
    static final int HEAD = 4096;
    private static final int SHORTEST_SAMPLES = 800;

    /** First bytes of files that are no recordings. */
    private static final Map<String, String> STRANGERS = new LinkedHashMap<>();

    static {
        STRANGERS.put("\u00ff\u00d8\u00ff", "a JPEG picture");
        STRANGERS.put("\u0089PNG", "a PNG picture");
        STRANGERS.put("GIF8", "a GIF picture");
        STRANGERS.put("BM", "a BMP picture");
        STRANGERS.put("II*\0", "a TIFF picture");
        STRANGERS.put("MM\0*", "a TIFF picture");
        STRANGERS.put("PK\3\4", "a ZIP archive");
        STRANGERS.put("\u001f\u008b", "a compressed archive");
        STRANGERS.put("%PDF", "a PDF document");
        STRANGERS.put("YUV4MPEG2", "raw video");
        STRANGERS.put("\u0030\u0026\u00b2\u0075", "a Windows Media file");
    }

    private Refusal() {}

    /** Why encrypted media is refused before it is decoded, because decoders make noise of it; null: it is not. */
    static String encrypted(byte[] media) {
        String head = new String(media, 0, Math.min(media.length, HEAD), StandardCharsets.ISO_8859_1);
        boolean scheme = false;
        if (head.startsWith("ftyp", 4)) {
            for (int i = 0; i + 12 <= media.length && !scheme; i++) {
                scheme = media[i] == 's'
                        && media[i + 1] == 'c'
                        && media[i + 2] == 'h'
                        && media[i + 3] == 'm'
                        && List.of("cenc", "cens", "cbc1", "cbcs", "piff")
                                .contains(new String(media, i + 8, 4, StandardCharsets.ISO_8859_1));
            }
        } else if (head.startsWith("\u001aE\u00df\u00a3")) {
            int encryption = head.indexOf("\u0050\u0035");
            scheme = encryption >= 0 && head.startsWith("\u0047\u00e1", encryption + 3);
        }
        return scheme ? "The media is encrypted and nothing in it can be seen or heard. Send it decrypted." : null;
    }

    /** Why no container could be read, as a sentence. */
    static String unreadable(byte[] media, RunLog log) {
        return nothing(container(media, log.noIndex(), log.errorLine()));
    }

    /**
     * Why no container could be read.
     *
     * @param media the first bytes, or all
     * @param noIndex whether FFmpeg missed the index
     * @param errorLine what else FFmpeg said; may be null
     */
    static String container(byte[] media, boolean noIndex, String errorLine) {
        String head = new String(media, 0, Math.min(media.length, HEAD), StandardCharsets.ISO_8859_1);
        String why = noIndex ? "the file ends before its index (moov), without which it cannot be read" : null;
        for (Map.Entry<String, String> stranger : STRANGERS.entrySet()) {
            why = why == null && head.startsWith(stranger.getKey())
                    ? "it is " + stranger.getValue() + ", not a recording"
                    : why;
        }
        if (why == null && head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            why = "it is a WebP picture, not a recording";
        }
        if (why == null && head.chars().allMatch(Refusal::printable)) {
            why = "it is text, not a recording";
        }
        if (why == null && errorLine != null && errorLine.contains("Format not on whitelist")) {
            why = "its container is not on the list of recordings";
        }
        return why == null ? "it has the form of no known container, or its beginning is damaged" : why;
    }

    private static boolean printable(int character) {
        return character >= ' ' || character == '\n' || character == '\r' || character == '\t' || character == 27;
    }

    /** The sentence of a refusal for the given reason. */
    static String nothing(String why) {
        return "Nothing in the media can be used: " + why
                + ". Send a complete mp4, webm, mkv or mov file, or another recording that migr feed --help lists.";
    }

    /** Why no picture can be used; null if some can. */
    static String noPicture(Tracks tracks, MediaLimits limits) {
        RunLog log = tracks.log();
        if (tracks.pictures() == null) {
            return "there is no video track";
        }
        if (!tracks.pictures().frames().isEmpty()) {
            return tracks.pictures().still() ? "the picture stands still" : null;
        }
        String codec = log.video().get(tracks.pictureNumber()).codec();
        return log.tooLarge() != null
                ? "a picture of " + log.tooLarge() + " has more than the " + limits.pixels() + " pixels allowed"
                : MediaFormats.reads(codec) ? "no picture can be decoded" : unknownCodec("pictures", codec);
    }

    /** Why no sound can be used; null if it can. */
    static String noSound(Tracks tracks) {
        List<Track> audio = tracks.log().audio();
        if (audio.isEmpty()) {
            return "there is no audio track";
        }
        Track track = audio.get(Math.max(0, tracks.soundNumber()));
        List<Block> blocks = tracks.sound().blocks();
        int[] rates = blocks.isEmpty()
                ? new int[] {track.rate()}
                : blocks.stream().mapToInt(Block::rate).distinct().toArray();
        int channels = blocks.stream().mapToInt(Block::channels).max().orElse(0);
        int samples = tracks.sound().samples().length;
        for (int rate : rates) {
            String why = rate == 0 ? null : rate(rate);
            if (why != null) {
                return why;
            }
        }
        if (channels > MOST_CHANNELS) {
            return "the sound has " + channels + " channels, more than " + MOST_CHANNELS;
        }
        if (samples == 0) {
            return MediaFormats.reads(track.codec()) ? "no sound can be decoded" : unknownCodec("sound", track.codec());
        }
        return samples < SHORTEST_SAMPLES ? "the sound is shorter than 50 ms" : null;
    }

    /** Why sound of a sample rate, Hz, cannot be used; null if it can. */
    static String rate(int rate) {
        return rate < LOWEST_RATE || rate > HIGHEST_RATE
                ? "the sound has " + rate + " samples per second, not " + LOWEST_RATE + " to " + HIGHEST_RATE
                : null;
    }

    private static String unknownCodec(String what, String codec) {
        return codec.equals("none")
                ? "the codec of the " + what + " is not known"
                : "the codec of the " + what + ", " + codec + ", is not on the list";
    }

    /** Why a clip that lasts so many seconds is refused; null: it is short enough. */
    static String tooLong(double seconds, Tracks tracks, MediaLimits limits) {
        if (seconds <= limits.seconds()) {
            return null;
        }
        double length = Math.max(
                seconds, Double.isNaN(tracks.log().length()) ? 0 : tracks.log().length());
        return "The clip lasts " + Math.round(length) + " s, longer than the limit of " + limits.seconds()
                + " s. Cut it into shorter segments (migr feed does).";
    }
}
