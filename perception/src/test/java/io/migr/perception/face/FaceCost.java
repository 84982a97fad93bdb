package io.migr.perception.face;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Prints the CPU time of a clip on one thread: a face found at once, found in the tiles only, two faces, and no face. */
final class FaceCost {
    private static final int CLIPS = 40;

    private FaceCost() {}

    public static void main(String[] args) throws Exception {
        BufferedImage portrait = RealFiles.image("astronaut.jpg");
        try (FacePerception perception = new FacePerception(true)) {
            print(perception, "found at once", clip(portrait, 448, 0));
            print(perception, "found in the tiles", clip(portrait, 150, 1));
            print(perception, "two faces", clip(portrait, 220, 0, 210));
            print(perception, "no face", clip(portrait, 1, 2));
        }
    }

    private static void print(FacePerception perception, String name, List<RgbFrame> clip) {
        for (int i = 0; i < CLIPS / 4; i++) {
            perception.measure(clip);
        }
        long start = cpu();
        for (int i = 0; i < CLIPS; i++) {
            perception.measure(clip);
        }
        System.out.printf(
                "%-20s %5.1f ms CPU a clip (%s)%n",
                name, (cpu() - start) / 1e6 / CLIPS, perception.measure(clip).getAbsentReason());
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Eight pictures of 448 x 336 pixels with the portrait scaled to a height at some places, each 3 pixels further right. */
    private static List<RgbFrame> clip(BufferedImage portrait, int height, int... lefts) {
        List<RgbFrame> frames = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            BufferedImage picture = new BufferedImage(448, 336, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = picture.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            for (int left : lefts) {
                graphics.drawImage(portrait, left + 3 * i, 0, height, height, null);
            }
            graphics.dispose();
            frames.add(RealFiles.frame(picture));
        }
        return frames;
    }
}
