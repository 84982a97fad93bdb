package io.migr.features.ffmpeg;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The only list of what media from outside may be: containers and codecs of real recordings. What is not on it is
 * refused, so that text, playlists, subtitles and single pictures never become video.
 */
public final class MediaFormats {
    /**
     * One container.
     *
     * @param demuxer as FFmpeg names it
     * @param endings of file names, lower case, the most usual first
     * @param mediaType of a file with pictures, or of one without where the container holds none
     */
    private record Container(String demuxer, String mediaType, List<String> endings) {
        Container(String demuxer, String mediaType, String... endings) {
            this(demuxer, mediaType, List.of(endings));
        }
    }

    private static final List<Container> CONTAINERS = List.of(
            new Container("mov", "video/mp4", "mp4", "m4v"),
            new Container("mov", "audio/mp4", "m4a"),
            new Container("mov", "video/quicktime", "mov"),
            new Container("mov", "video/3gpp", "3gp", "3g2"),
            new Container("matroska", "video/webm", "webm"),
            new Container("matroska", "video/x-matroska", "mkv", "mka"),
            new Container("avi", "video/x-msvideo", "avi"),
            new Container("mpegts", "video/mp2t", "ts", "m2ts", "mts"),
            new Container("mpeg", "video/mpeg", "mpg", "mpeg", "vob"),
            new Container("flv", "video/x-flv", "flv"),
            new Container("ogg", "audio/ogg", "ogg", "oga", "opus"),
            new Container("wav", "audio/wav", "wav"),
            new Container("mp3", "audio/mpeg", "mp3"),
            new Container("flac", "audio/flac", "flac"),
            new Container("aac", "audio/aac", "aac"),
            new Container("amr", "audio/amr", "amr"),
            new Container("aiff", "audio/aiff", "aiff", "aif"),
            new Container("caf", "audio/x-caf", "caf"));

    // both by the names of FFmpeg's decoders, and by those of codecs where they differ; several decode the same codec
    private static final String VIDEO = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libaom-av1,libdav1d,mpeg4,mjpeg,"
            + "h263,flv,flv1,mpeg1video,mpeg2video,mpegvideo,prores";
    private static final String SOUND = "aac,aac_latm,opus,libopus,vorbis,mp3,mp3float,mp2,mp2float,flac,alac,ac3,eac3,"
            + "amrnb,amr_nb,amrwb,amr_wb,libopencore_amrnb,libopencore_amrwb,g722,adpcm_g722,pcm_mulaw,pcm_alaw,pcm_u8,pcm_s8,"
            + "pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_s16be,pcm_s24be,pcm_s32be,pcm_f32be,pcm_f64be";

    private static final Set<String> ENDINGS = CONTAINERS.stream()
            .flatMap(container -> container.endings().stream())
            .collect(Collectors.toCollection(TreeSet::new));

    private static final Set<String> DECODERS = Set.of(decoders().split(","));

    private MediaFormats() {}

    /** The endings of recordings' file names, lower case and without a dot, in alphabetical order. */
    public static Set<String> endings() {
        return new TreeSet<>(ENDINGS);
    }

    /** Whether a file name has one of the {@link #endings}, in either case. */
    public static boolean isRecording(String fileName) {
        return ENDINGS.contains(ending(fileName));
    }

    /** The media type that belongs to a file name's ending; {@code application/octet-stream} if it is not known. */
    public static String mediaType(String fileName) {
        return CONTAINERS.stream()
                .filter(container -> container.endings().contains(ending(fileName)))
                .map(Container::mediaType)
                .findFirst()
                .orElse("application/octet-stream");
    }

    /** Containers and codecs in words, for help texts and messages. */
    public static String sentence() {
        return "Recordings are files ending in " + String.join(", ", ENDINGS) + ", with pictures in H.264, H.265, VP8,"
                + " VP9, AV1, MPEG-4, MPEG-1, MPEG-2, H.263, Sorenson, Motion JPEG or ProRes and sound in AAC, Opus,"
                + " Vorbis, MP3, MP2, FLAC, ALAC, AC-3, E-AC-3, AMR, G.711, G.722 or PCM.";
    }

    /** FFmpeg's {@code -format_whitelist}. */
    static String demuxers() {
        return CONTAINERS.stream().map(Container::demuxer).distinct().collect(Collectors.joining(","));
    }

    /** FFmpeg's {@code -codec_whitelist}. */
    static String decoders() {
        return VIDEO + "," + SOUND;
    }

    /** Whether a codec or decoder, as FFmpeg names it, is on the list. */
    public static boolean reads(String codec) {
        return DECODERS.contains(codec);
    }

    private static String ending(String fileName) {
        return fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
