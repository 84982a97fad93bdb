package io.migr.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * TorchScript functions in a resource file in the package of the class that calls them, each under a comment with its
 * formula and shapes.
 *
 * <p>They are written in the dialect that torch saves models in. It differs from Python in a few ways: integers are
 * computed with {@code torch.add} and the like (infix operators are for tensors); another function of this text, or
 * of a text that it uses, is called as {@code (self).name(x, )}; a list is taken apart as {@code a, b, = list}; every
 * {@code if} must have an {@code else}.
 */
public final class KernelText {
    private final String file;
    private final String functions;
    private final List<KernelText> uses;

    private KernelText(String file, String functions, List<KernelText> uses) {
        this.file = file;
        this.functions = functions;
        this.uses = uses;
    }

    /**
     * Reads a kernel text from the resources.
     *
     * @param owner the class whose package holds the resource
     * @param file the resource's name
     * @param uses other texts that define functions which this one calls
     * @throws IllegalArgumentException if there is no such resource
     */
    public static KernelText load(Class<?> owner, String file, KernelText... uses) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no kernel text " + file + " in the package of "
                        + owner.getName() + ". Put it among the resources of that package.");
            }
            return new KernelText(file, new String(in.readAllBytes(), StandardCharsets.UTF_8), List.of(uses));
        } catch (IOException e) {
            throw new UncheckedIOException("The kernel text " + file + " could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * A function of this text.
     *
     * @throws IllegalArgumentException if this text does not define it
     */
    public Kernel kernel(String function) {
        return new Kernel(this, function);
    }

    boolean defines(String function) {
        return functions.contains("def " + function + "(");
    }

    /** The functions of this text and of all that it uses. */
    String complete() {
        Set<KernelText> all = new LinkedHashSet<>();
        collect(all);
        return all.stream().map(text -> text.functions).collect(Collectors.joining("\n"));
    }

    private void collect(Set<KernelText> all) {
        uses.forEach(used -> used.collect(all));
        all.add(this);
    }

    @Override
    public String toString() {
        return file;
    }
}
