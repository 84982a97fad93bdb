package io.migr.perception.face;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Paints the eyes of a face shut: lids in the colour of the cheek, lashes along the lower lid. */
final class PaintedEyes {
    private static final int[][] EYES = {
        {33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7},
        {263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249}
    };
    private static final int[] CHEEKS = {117, 346};

    private PaintedEyes() {}

    static BufferedImage shut(BufferedImage picture, FaceMesh mesh) {
        BufferedImage painted = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = painted.createGraphics();
        graphics.drawImage(picture, 0, 0, null);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float line = (float) mesh.bounds().size() / 60;
        for (int i = 0; i < 2; i++) {
            int[] eye = EYES[i];
            Polygon opening = new Polygon();
            for (int point : eye) {
                opening.addPoint((int) mesh.x(point), (int) mesh.y(point));
            }
            Color skin = new Color(picture.getRGB((int) mesh.x(CHEEKS[i]), (int) mesh.y(CHEEKS[i])));
            graphics.setColor(skin);
            graphics.fill(opening);
            graphics.setStroke(new BasicStroke(3 * line));
            graphics.draw(opening);
            graphics.setColor(skin.darker().darker());
            graphics.setStroke(new BasicStroke(line));
            for (int k = 8; k < 16; k++) {
                int to = eye[(k + 1) % 16];
                graphics.drawLine((int) mesh.x(eye[k]), (int) mesh.y(eye[k]), (int) mesh.x(to), (int) mesh.y(to));
            }
        }
        graphics.dispose();
        return painted;
    }
}
