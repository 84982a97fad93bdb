package io.migr.corpus;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes one picture that shows many clips with their labels. */
public final class ContactSheet {
    private static final int SIZE = 224;
    private static final int LINE = 18;
    private static final int COLUMNS = 6;
    /** Seconds into the clip by which every unit has reached its apex. */
    private static final double APEX = 1.5;

    private ContactSheet() {}

    /** Writes a PNG of the clips at their apex. */
    public static void write(List<Clip> clips, Path file) throws IOException {
        int columns = Math.min(COLUMNS, clips.size());
        int rows = (clips.size() + columns - 1) / columns;
        BufferedImage sheet = new BufferedImage(columns * SIZE, rows * (SIZE + 2 * LINE), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        for (int i = 0; i < clips.size(); i++) {
            Clip clip = clips.get(i);
            int x = i % columns * SIZE;
            int y = i / columns * (SIZE + 2 * LINE);
            graphics.drawImage(clip.picture(APEX, SIZE), x, y, null);
            graphics.setColor(Color.BLACK);
            graphics.drawString(
                    clip.truth().label().word() + ", " + clip.truth().regime().label(), x + 4, y + SIZE + 14);
            graphics.drawString("seed " + clip.truth().seed(), x + 4, y + SIZE + LINE + 13);
        }
        graphics.dispose();
        ImageIO.write(sheet, "png", file.toFile());
    }
}
