package io.migr.trainer.feedback;

import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;


/**
 * A clip that people labelled.
 *
 * @param id of the clip, as topics have it
 * @param emotion what most annotators wrote down
 */
public record LabelledClip(String id, Emotion emotion, ClipInput input) {
    /** One clip in so many is never trained on. */
    static final int HELD_OUT = 10;

    /**
     * Whether the clip is kept for evaluation: a tenth by the hash of its id, so that a clip is on the same side in every
     * round and on every machine.
     */
    public boolean heldOut() {
        return heldOut(id);
    }

    /** The same of a clip whose media is not at hand. */
    public static boolean heldOut(String id) {
        return Long.remainderUnsigned(hash(id), HELD_OUT) == 0;
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
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
