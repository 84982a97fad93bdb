package io.migr.schemas;

/**
 * Formats ids: {@code callId/participantId} is a record key, {@code callId/participantId/sequence} names a clip. An id is
 * 1 to {@value #LONGEST_ID} characters long, not blank, and has neither '/' nor control characters; a sequence number is
 * at least 0.
 */
public final class ClipKey {
    /** The longest id, characters. */
    public static final int LONGEST_ID = 256;
    /** Characters of an id that a message quotes. */
    private static final int QUOTED = 80;

    private ClipKey() {}

    /** The record key of a clip's participant. */
    public static String of(ClipId clip) {
        return of(clip.getCallId(), clip.getParticipantId());
    }

    public static String of(String callId, String participantId) {
        return checked("callId", callId) + "/" + checked("participantId", participantId);
    }

    /** Whether a clip's ids can be in a key, and its sequence number in a name. */
    public static boolean usable(ClipId clip) {
        return usable(clip.getCallId()) && usable(clip.getParticipantId()) && clip.getSequence() >= 0;
    }

    private static boolean usable(String id) {
        return id != null
                && id.length() <= LONGEST_ID
                && !id.isBlank()
                && id.indexOf('/') < 0
                && id.chars().noneMatch(ClipKey::controls);
    }

    /** Whether a character breaks or steers a line of text. */
    private static boolean controls(int character) {
        return Character.isISOControl(character) || character == 0x2028 || character == 0x2029;
    }

    /** The full name of a clip. */
    public static String name(ClipId clip) {
        return of(clip) + "/" + clip.getSequence();
    }

    /** As {@link #name}, for messages about clips whose ids need not be usable. */
    public static String written(ClipId clip) {
        return quoted(clip.getCallId()) + "/" + quoted(clip.getParticipantId()) + "/" + clip.getSequence();
    }

    /** What a sender wrote, for a message: control characters as '?', and only the beginning of what is long. */
    public static String quoted(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder();
        text.chars().limit(QUOTED).forEach(one -> quoted.append(controls(one) ? '?' : (char) one));
        return text.length() > QUOTED ? quoted + "... (" + text.length() + " characters)" : quoted.toString();
    }

    /**
     * Parses a clip's name.
     *
     * @throws IllegalArgumentException if it does not have three parts, or the last is not a whole number of at least 0
     */
    public static ClipId parse(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 3 || sequence(parts[2]) < 0) {
            throw new IllegalArgumentException(
                    "A clip is named callId/participantId/sequence, for example call-12/ann/7; given \"" + quoted(name)
                            + "\".");
        }
        of(parts[0], parts[1]);
        return new ClipId(parts[0], parts[1], sequence(parts[2]));
    }

    /** A sequence number in decimal digits; -1 if the text is none. */
    private static long sequence(String text) {
        try {
            return text.matches("\\d{1,19}") ? Long.parseLong(text) : -1;
        } catch (NumberFormatException e) {
            return -1; // larger than any sequence number
        }
    }

    private static String checked(String what, String id) {
        if (!usable(id)) {
            throw new IllegalArgumentException(what + " must not be empty or contain '/' or control characters, and"
                    + " must have at most " + LONGEST_ID + " characters; given \"" + quoted(id) + "\".");
        }
        return id;
    }
}
