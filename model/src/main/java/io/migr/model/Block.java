package io.migr.model;

/** A block of an explanation: what is seen, what is heard, or the weighing of both that concludes. */
public enum Block {
    /** What the face shows. */
    VISUAL("vis_desc"),
    /** How the voice sounds. */
    AUDIO("aud_desc"),
    /** Which modality leads and what follows from both. */
    WEIGHING("think");

    private final String tag;

    Block(String tag) {
        this.tag = tag;
    }

    /** The block that describes a modality. */
    public static Block of(Modality modality) {
        return switch (modality) {
            case VISUAL -> VISUAL;
            case AUDIO -> AUDIO;
        };
    }

    /** Whether it describes one modality; the weighing block does not. */
    public boolean isDescription() {
        return this != WEIGHING;
    }

    /**
     * The modality that it describes.
     *
     * @throws IllegalStateException for the weighing block
     */
    public Modality modality() {
        return switch (this) {
            case VISUAL -> Modality.VISUAL;
            case AUDIO -> Modality.AUDIO;
            case WEIGHING ->
                throw new IllegalStateException(
                        "The weighing block is about both modalities; check isDescription() first.");
        };
    }

    /** The tag that opens it. */
    public String openingTag() {
        return "<" + tag + ">";
    }

    /** The tag that closes it. */
    public String closingTag() {
        return "</" + tag + ">";
    }
}
