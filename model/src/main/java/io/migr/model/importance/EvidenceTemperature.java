package io.migr.model.importance;

/**
 * The divisors of the evidence heads' logits, fitted on validation clips; the prior has none.
 *
 * @param visual of the face's head, > 0
 * @param audio of the voice's head, > 0
 * @param both of the head that sees face and voice, > 0
 */
public record EvidenceTemperature(double visual, double audio, double both) {
    public EvidenceTemperature {
        if (!(visual > 0 && audio > 0 && both > 0)) {
            throw new IllegalArgumentException("An evidence temperature must be above 0; given visual " + visual
                    + ", audio " + audio + ", both " + both + ".");
        }
    }

    /** The same divisor for all heads. */
    public static EvidenceTemperature same(double temperature) {
        return new EvidenceTemperature(temperature, temperature, temperature);
    }

    /** Whether all heads have the same divisor. */
    public boolean isUniform() {
        return visual == audio && audio == both;
    }
}
