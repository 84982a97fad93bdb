package io.migr.perception.face;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.AffineTransformOp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** What cameras, networks and people do to pictures. */
final class Pictures {
    private Pictures() {}

    /** Scaled to fit into a frame of this size, the rest grey. */
    static BufferedImage fitted(BufferedImage picture, int width, int height) {
        double scale = Math.min((double) width / picture.getWidth(), (double) height / picture.getHeight());
        int inWidth = (int) (picture.getWidth() * scale);
        int inHeight = (int) (picture.getHeight() * scale);
        BufferedImage fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = fitted.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, width, height);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(picture, (width - inWidth) / 2, (height - inHeight) / 2, inWidth, inHeight, null);
        graphics.dispose();
        return fitted;
    }

    /** Written and read as JPEG of a quality of 0..1. */
    static BufferedImage compressed(BufferedImage picture, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.setOutput(ImageIO.createImageOutputStream(bytes));
        writer.write(null, new IIOImage(picture, null, null), parameters);
        writer.dispose();
        return ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    }

    /** Darker, with the noise of a sensor: a deviation of two steps of 256. */
    static BufferedImage darkened(BufferedImage picture, double factor) {
        Random random = new Random(7);
        return each(picture, (x, y, channel, value) -> factor * value + 2 * random.nextGaussian());
    }

    /** As a mirror shows it. */
    static BufferedImage mirrored(BufferedImage picture) {
        return transformed(picture, new AffineTransform(-1, 0, 0, 1, picture.getWidth(), 0), false);
    }

    /** Turned clockwise. */
    static BufferedImage turned(BufferedImage picture, int quarters) {
        AffineTransform turn = new AffineTransform();
        boolean lying = quarters % 2 == 1;
        turn.translate(
                (lying ? picture.getHeight() : picture.getWidth()) / 2.0,
                (lying ? picture.getWidth() : picture.getHeight()) / 2.0);
        turn.quadrantRotate(quarters);
        turn.translate(-picture.getWidth() / 2.0, -picture.getHeight() / 2.0);
        return transformed(picture, turn, lying);
    }

    private static BufferedImage transformed(BufferedImage picture, AffineTransform transform, boolean lying) {
        BufferedImage target = new BufferedImage(
                lying ? picture.getHeight() : picture.getWidth(),
                lying ? picture.getWidth() : picture.getHeight(),
                BufferedImage.TYPE_INT_RGB);
        return new AffineTransformOp(transform, AffineTransformOp.TYPE_NEAREST_NEIGHBOR)
                .filter(fitted(picture, picture.getWidth(), picture.getHeight()), target);
    }

    /** Moved so that at least this share of the face's width lies beyond the picture's left edge. */
    static BufferedImage cut(BufferedImage picture, Region face, double share) {
        int left = Math.max(0, (int) Math.round(face.centreX() + (share - 0.5) * face.size()));
        return picture.getSubimage(left, 0, picture.getWidth() - left, picture.getHeight());
    }

    /** The head, with a soft edge, before coloured stripes. */
    static BufferedImage beforeStripes(BufferedImage picture, Region face) {
        return each(picture, (x, y, channel, value) -> {
            double stripe = 128 + 100 * Math.sin((x + y * channel) * 20 / face.size());
            double head = head(face, x, y);
            return head * value + (1 - head) * stripe;
        });
    }

    /** The head at 0.18 of its light before a bright window. */
    static BufferedImage backlit(BufferedImage picture, Region face) {
        return each(picture, (x, y, channel, value) -> {
            double head = head(face, x, y);
            return head * 0.18 * value + (1 - head) * (220 + 0.13 * value);
        });
    }

    /** 1 inside an ellipse that holds hair and neck too, 0 outside, with an edge of a tenth of the face. */
    private static double head(Region face, int x, int y) {
        double across = (x - face.centreX()) / (0.7 * face.size());
        double down = (y - face.centreY()) / (0.9 * face.size());
        return Math.max(0, Math.min(1, 5 * (1.1 - Math.hypot(across, down))));
    }

    private interface Channel {
        double of(int x, int y, int channel, int value);
    }

    private static BufferedImage each(BufferedImage picture, Channel channel) {
        BufferedImage changed = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = 0;
                for (int k = 0; k < 3; k++) {
                    int value = picture.getRGB(x, y) >> (16 - 8 * k) & 0xff;
                    rgb = rgb << 8 | (int) Math.max(0, Math.min(255, Math.round(channel.of(x, y, k, value))));
                }
                changed.setRGB(x, y, rgb);
            }
        }
        return changed;
    }
}
