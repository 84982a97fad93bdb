package io.migr.features.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FFmpeg's programs, unpacked once per user from the jar on the classpath. They run only as child processes, so that a
 * crash in a decoder does not crash this one.
 */
public final class FfmpegProgram {
    private static final String ROOT = "org/bytedeco/ffmpeg/";
    private static final Pattern MISSING_LIBRARY =
            Pattern.compile("loading shared libraries: ([\\w.+-]+): cannot open shared object file");
    private static final int MOST_MISSING = 16;
    private static final String SECOND = "MIGR_SECOND_INPUT";

    private final Path folder;
    private final boolean windows;

    private FfmpegProgram(Path folder, boolean windows) {
        this.folder = folder;
        this.windows = windows;
    }

    /**
     * Unpacks the programs if needed, below {@code MIGR_CACHE_DIR} or else {@code ~/.cache/migr}, and checks that
     * FFmpeg starts. Several processes may do this at once.
     *
     * @throws IOException if there is no FFmpeg for this platform or it does not start; the message says why
     */
    public static FfmpegProgram find() throws IOException {
        String configured = System.getenv("MIGR_CACHE_DIR");
        if (configured != null) {
            return find(Path.of(configured));
        }
        String home = System.getProperty("user.home");
        if (!Path.of(home).isAbsolute()) {
            // Java gives a question mark for a user whom the system does not know
            throw new IOException("FFmpeg cannot be unpacked, because this user has no home folder (user.home is \""
                    + home + "\"). Set MIGR_CACHE_DIR to a writable folder.");
        }
        return find(Path.of(home, ".cache", "migr"));
    }

    static FfmpegProgram find(Path cache) throws IOException {
        String platform = platform();
        boolean windows = platform.startsWith("windows");
        URL program = FfmpegProgram.class
                .getClassLoader()
                .getResource(ROOT + platform + (windows ? "/ffmpeg.exe" : "/ffmpeg"));
        if (program == null) {
            throw new IOException("There is no FFmpeg for " + platform
                    + " on the classpath. Add org.bytedeco:ffmpeg with the classifier " + platform + ".");
        }
        JarFile jar = ((JarURLConnection) program.openConnection()).getJarFile();
        String release = Path.of(jar.getName()).getFileName().toString().replace(".jar", "");
        Path folder = cache.resolve(release);
        if (!Files.isDirectory(folder)) {
            try {
                unpack(jar, ROOT + platform + "/", folder);
            } catch (IOException e) {
                throw new IOException(
                        "FFmpeg cannot be unpacked in " + cache + ": " + e
                                + ". Set MIGR_CACHE_DIR to a writable folder with 100 MB of free space.",
                        e);
            }
        }
        FfmpegProgram found = new FfmpegProgram(folder, windows);
        found.start();
        return found;
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (os.startsWith("linux")) {
            return arm ? "linux-arm64" : "linux-x86_64";
        }
        return os.startsWith("mac") ? arm ? "macosx-arm64" : "macosx-x86_64" : "windows-x86_64";
    }

    private static void unpack(JarFile jar, String prefix, Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        Path fresh = Files.createTempDirectory(folder.getParent(), "unpacking");
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            String name = entry.getName()
                    .substring(Math.min(prefix.length(), entry.getName().length()));
            boolean wanted = entry.getName().startsWith(prefix)
                    && !name.isEmpty()
                    && !name.contains("/")
                    && !name.startsWith("libjni")
                    && !name.startsWith("jni");
            if (wanted) {
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, fresh.resolve(name));
                }
                fresh.resolve(name).toFile().setExecutable(true);
            }
        }
        try {
            Files.move(fresh, folder);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            delete(fresh); // another process was faster
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Starts the program once; provides an empty library for each shared library that this machine lacks. */
    private void start() throws IOException {
        for (int i = 0; i <= MOST_MISSING; i++) {
            Process process = command("ffmpeg", List.of("-version"))
                    .redirectErrorStream(true)
                    .start();
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while FFmpeg started.", e);
            }
            if (output.contains("ffmpeg version")) {
                return;
            }
            Matcher missing = MISSING_LIBRARY.matcher(output);
            if (!missing.find() || i == MOST_MISSING) {
                throw new IOException("FFmpeg in " + folder + " does not start: "
                        + output.strip().lines().findFirst().orElse("it prints nothing")
                        + ". Delete that folder to have it unpacked again.");
            }
            int machine = System.getProperty("os.arch").equals("aarch64") ? 183 : 62;
            Path next = Files.createTempFile(folder, "library", ".next");
            Files.write(next, EmptyLibrary.elf64(missing.group(1), machine));
            Files.move(next, folder.resolve(missing.group(1)), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * A process that is not started yet: a program of the jar, with no environment variables but its library path.
     *
     * @param program {@code ffmpeg} or {@code ffprobe}
     */
    public ProcessBuilder command(String program, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(folder.resolve(windows ? program + ".exe" : program).toString());
        words.addAll(arguments);
        return prepared(words);
    }

    /**
     * Like {@link #command}, with limits if the platform's shell can set them; Windows has none.
     *
     * @param addressSpaceMb maximum memory the process may map, MiB
     * @param fileMb maximum size of a file it may write, MiB
     * @param cpuSeconds maximum processor time
     */
    public ProcessBuilder limited(
            String program, List<String> arguments, long addressSpaceMb, long fileMb, int cpuSeconds) {
        if (windows) {
            return command(program, arguments);
        }
        List<String> words = new ArrayList<>();
        // the script contains only numbers: no part of it comes from a user
        words.addAll(List.of(
                "/bin/sh",
                "-c",
                "[ -z \"$" + SECOND + "\" ] || exec 3<\"$" + SECOND + "\"; ulimit -v " + addressSpaceMb * 1024
                        + " 2>/dev/null; ulimit -f " + fileMb * 2048 + " 2>/dev/null; ulimit -t " + cpuSeconds
                        + " 2>/dev/null; exec \"$0\" \"$@\""));
        words.add(folder.resolve(program).toString());
        words.addAll(arguments);
        return prepared(words);
    }

    /** Lets a limited process read a second file, as file descriptor 3. */
    public static void secondInput(ProcessBuilder limited, Path file) {
        limited.environment().put(SECOND, file.toAbsolutePath().toString());
    }

    private ProcessBuilder prepared(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        builder.environment().put("DYLD_LIBRARY_PATH", folder.toString());
        if (windows) {
            builder.environment().put("PATH", folder.toString());
        }
        return builder;
    }
}
