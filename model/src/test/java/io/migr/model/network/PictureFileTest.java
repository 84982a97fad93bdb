package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureFileTest {

    private static byte[] jpeg(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "jpg", bytes);
        return bytes.toByteArray();
    }

    private static void refused(String reason, byte[] file) {
        IOException e = assertThrows(IOException.class, () -> PictureFile.read(file));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void picturesLargerThanAllowedAreRefusedByTheirHeader() throws IOException {
        byte[] wide;
        try (var in = PictureFileTest.class.getResourceAsStream("/pictures/wide.jpg")) {
            wide = in.readAllBytes();
        }
        refused("16000x16 pixels", wide);
        // nothing behind the header is looked at
        refused("16000x16 pixels", Arrays.copyOf(wide, 700));
        refused("16x4097 pixels", jpeg(16, 4097));
        refused("4000x3000 pixels; at most 8294400", jpeg(4000, 3000));
        assertEquals(4096, PictureFile.read(jpeg(4096, 16)).getWidth());
        assertEquals(2160, PictureFile.read(jpeg(3840, 2160)).getHeight());
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        refused("it is not a picture", new byte[0]);
        refused("it is not a picture", "some words".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] whole = jpeg(64, 64);
        assertThrows(IOException.class, () -> PictureFile.read(Arrays.copyOf(whole, 30)));
    }
}
