package io.migr.schemas;

/** Formats ids: {@code callId/participantId} is a record key, {@code callId/participantId/sequence} names a clip. */
public final class ClipKey {
    private ClipKey() {}

    /** The record key of a clip's participant. */
    public static String of(ClipId clip) {
        return of(clip.getCallId(), clip.getParticipantId());
    }

    public static String of(String callId, String participantId) {
        return checked("callId", callId) + "/" + checked("participantId", participantId);
    }

    /** Whether a clip's ids can be in a key. */
    public static boolean usable(ClipId clip) {
        return usable(clip.getCallId()) && usable(clip.getParticipantId());
    }

    private static boolean usable(String id) {
        return id != null && !id.isEmpty() && id.indexOf('/') < 0;
    }

    /** The full name of a clip. */
    public static String name(ClipId clip) {
        return of(clip) + "/" + clip.getSequence();
    }

    /** As {@link #name}, for messages about clips whose ids need not be usable. */
    public static String written(ClipId clip) {
        return clip.getCallId() + "/" + clip.getParticipantId() + "/" + clip.getSequence();
    }

    /**
     * Parses a clip's name.
     *
     * @throws IllegalArgumentException if it does not have three parts, or the last is not a whole number of at least 0
     */
    public static ClipId parse(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 3 || !parts[2].matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "A clip is named callId/participantId/sequence, for example call-12/ann/7; given \"" + name
                            + "\".");
        }
        of(parts[0], parts[1]);
        return new ClipId(parts[0], parts[1], Long.parseLong(parts[2]));
    }

    private static String checked(String what, String id) {
        if (!usable(id)) {
            throw new IllegalArgumentException(what + " must not be empty or contain '/'; given \"" + id + "\".");
        }
        return id;
    }
}
