package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceView;
import io.migr.schemas.MeasuredUnit;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What calls do to one portrait: Eileen Collins, who smiles (NASA, public domain). */
final class HardPicturesTest {
    /** The units whose values say something without a baseline; 6 goes with 12. */
    private static final List<Integer> ABSOLUTE = List.of(12, 25, 26, 43);

    private static FacePerception perception;
    private static BufferedImage portrait;
    private static Region face;
    private static FaceCues plain;

    @BeforeAll
    static void load() throws IOException {
        perception = new FacePerception(true);
        portrait = RealFiles.image("astronaut.jpg");
        plain = measure(portrait);
        try (FaceNets nets = new FaceNets(false)) {
            face = new FollowedFace(nets)
                    .next(RealFiles.frame(portrait))
                    .orElseThrow()
                    .mesh()
                    .bounds();
        }
    }

    @AfterAll
    static void close() {
        perception.close();
    }

    @Test
    void theMoreOfAFaceIsCutOffTheLessItTells() {
        double before = reliability(plain);
        for (double share : new double[] {0.1, 0.2, 1 / 3.0, 0.4}) {
            FaceCues cues = measure(Pictures.cut(portrait, face, share));
            assertNull(cues.getAbsentReason());
            assertTrue(reliability(cues) <= before, "cut by " + share);
            before = reliability(cues);
        }
        assertTrue(before < reliability(plain) / 2);
        assertEquals(
                "the face is cut off by the edge of the picture",
                measure(Pictures.cut(portrait, face, 0.45)).getAbsentReason());
        assertEquals(
                "no face was found", measure(Pictures.cut(portrait, face, 0.5)).getAbsentReason());
    }

    @Test
    void whenTheCameraGoesOffTheFirstPicturesTell() {
        RgbFrame on = RealFiles.frame(portrait);
        RgbFrame off = new RgbFrame(0, on.width(), on.height(), new byte[on.rgb().length]);
        FaceCues cues = perception.measure(List.of(on, on, off, off));
        assertEquals(
                List.of(true, true, false, false),
                cues.getFrames().stream().map(FaceFrame::getUsable).toList());
        assertNull(cues.getAbsentReason());
        FaceCues before = perception.measure(List.of(on, on));
        assertEquals(before.getUnits(), cues.getUnits());
        assertEquals(before.getExpression(), cues.getExpression());
    }

    @Test
    void aMirroredFaceShowsTheSame() {
        FaceCues mirrored = measure(Pictures.mirrored(portrait));
        assertSameUnits(mirrored);
        assertEquals(-view(plain).getYaw(), view(mirrored).getYaw(), 3);
        assertEquals(-view(plain).getRoll(), view(mirrored).getRoll(), 3);
        assertEquals(1 - view(plain).getCentreX(), view(mirrored).getCentreX(), 0.01);
    }

    @Test
    void aVirtualBackgroundChangesNothing() {
        assertSameUnits(measure(Pictures.beforeStripes(portrait, face)));
    }

    @Test
    void aWindowBehindChangesNothing() {
        assertSameUnits(measure(Pictures.backlit(portrait, face)));
    }

    @Test
    void theDarkerTheLessItTells() {
        double before = reliability(plain);
        assertSameUnits(measure(Pictures.darkened(portrait, 0.25)));
        for (double factor : new double[] {0.1, 0.07, 0.05}) {
            FaceCues dark = measure(Pictures.darkened(portrait, factor));
            assertTrue(reliability(dark) < before, "light x " + factor);
            before = reliability(dark);
        }
        assertTrue(before < 0.2);
        assertEquals(
                "no face was found", measure(Pictures.darkened(portrait, 0.02)).getAbsentReason());
    }

    @Test
    void compressionAndFewPixelsLeaveASmile() throws IOException {
        FaceCues compressed = measure(Pictures.compressed(Pictures.fitted(portrait, 320, 240), 0.4f));
        FaceCues small = measure(Pictures.fitted(portrait, 160, 120));
        for (FaceCues cues : List.of(compressed, small)) {
            assertTrue(value(cues, 12) >= 0.5 && value(cues, 25) >= 0.5, cues.toString());
        }
        assertTrue(view(small).getWidth() < 30 && reliability(small) < 0.6 * reliability(plain));
    }

    /** A phone's recording says how it was held and is decoded upright; this is for one that does not. */
    @Test
    void aLyingFaceTellsLessOrIsNotFound() {
        BufferedImage near = portrait.getSubimage(75, 0, 300, 300);
        for (int quarters = 1; quarters < 4; quarters++) {
            FaceCues cues = measure(Pictures.turned(near, quarters));
            assertTrue(
                    cues.getAbsentReason() != null || reliability(cues) < 0.7 * reliability(plain),
                    quarters + " quarters: " + cues);
        }
        assertEquals("no face was found", measure(Pictures.turned(near, 2)).getAbsentReason());
    }

    private static FaceCues measure(BufferedImage picture) {
        return perception.measure(List.of(RealFiles.frame(picture)));
    }

    private static void assertSameUnits(FaceCues cues) {
        for (int unit : ABSOLUTE) {
            assertEquals(value(plain, unit), value(cues, unit), 0.05, "unit " + unit);
        }
        assertEquals(plain.getExpression().getHappy(), cues.getExpression().getHappy(), 0.05);
    }

    private static FaceView view(FaceCues cues) {
        return cues.getFrames().get(0).getView();
    }

    private static double value(FaceCues cues, int unit) {
        return unit(cues, unit).getValue();
    }

    private static double reliability(FaceCues cues) {
        return unit(cues, 12).getReliability();
    }

    private static MeasuredUnit unit(FaceCues cues, int unit) {
        return cues.getUnits().stream()
                .filter(one -> one.getActionUnit() == unit)
                .findFirst()
                .orElseThrow();
    }
}
