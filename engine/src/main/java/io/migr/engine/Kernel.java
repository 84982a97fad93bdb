package io.migr.engine;

/**
 * A TorchScript function that Java calls.
 *
 * @param text where it is defined
 * @param function its name
 */
public record Kernel(KernelText text, String function) {
    public Kernel {
        if (!text.defines(function)) {
            throw new IllegalArgumentException(text + " defines no function " + function + ".");
        }
    }
}
