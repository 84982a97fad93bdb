package io.migr.trainer.feedback;

import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A clip labelled by people.
 *
 * @param id the clip's id, as used in topics
 * @param emotion the label most annotators gave
 * @param input the features of the clip, as the model reads them
 */
public record LabelledClip(String id, Emotion emotion, ClipInput input) {
    /** One clip in this many is never used for training, if nothing else is said. */
    public static final int HELD_OUT = 10;

    /**
     * Whether the clip is held out for evaluation: a tenth of the clips by the hash of the id, so the decision is the
     * same in every round and on every machine.
     */
    public boolean heldOut() {
        return heldOut(id);
    }

    /** As {@link #heldOut()}, for a clip known only by its id. */
    public static boolean heldOut(String id) {
        return heldOut(id, HELD_OUT);
    }

    /**
     * Whether one clip in {@code oneIn}, to which this one belongs, is held out. With a divisor of {@value #HELD_OUT},
     * these are all clips that are held out at one in {@value #HELD_OUT}, and others.
     */
    public static boolean heldOut(String id, int oneIn) {
        return Long.remainderUnsigned(hash(id), oneIn) == 0;
    }

    long hash() {
        return hash(id);
    }

    /** The first eight bytes of the id's SHA-256. */
    private static long hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return java.nio.ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform supports SHA-256.", e);
        }
    }
}
