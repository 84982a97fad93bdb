package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.network.LogMel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class RenderedClipTest {

    @Test
    void aSeedAlwaysGivesTheSameClip() throws IOException {
        LogMel logMel = new LogMel();
        RenderedClip once = RenderedClip.of(Split.SFT.seed(11), logMel);
        RenderedClip again = RenderedClip.of(Split.SFT.seed(11), logMel);
        assertEquals(8, once.input().frames().size());
        assertArrayEquals(once.input().frames().get(5), again.input().frames().get(5));
        assertArrayEquals(once.input().logMel()[40], again.input().logMel()[40]);
        assertEquals(300, once.input().logMel()[0].length);
        var picture =
                ImageIO.read(new ByteArrayInputStream(once.input().frames().get(0)));
        assertTrue(picture.getWidth() >= 128, "width " + picture.getWidth());
    }
}
