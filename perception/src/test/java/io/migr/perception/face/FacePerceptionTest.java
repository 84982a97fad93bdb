package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.MeasuredUnit;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole chain on clips made of one portrait: Eileen Collins, who smiles (NASA, public domain). */
final class FacePerceptionTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;

    private static FacePerception perception;
    private static BufferedImage portrait;

    @BeforeAll
    static void load() throws IOException {
        perception = new FacePerception(true);
        portrait = RealFiles.image("astronaut.jpg");
    }

    @AfterAll
    static void close() {
        perception.close();
    }

    @Test
    void aSmileIsMeasured() {
        FaceCues cues = perception.measure(Collections.nCopies(8, picture(1, portrait(200, 0, 360))));
        assertNull(cues.getAbsentReason());
        assertEquals("faces-2", cues.getMeasuredBy());
        assertEquals(1, cues.getFaces());
        assertEquals(4, cues.getFrames().size());
        assertTrue(cues.getFrames().stream().allMatch(FaceFrame::getUsable));
        assertTrue(value(cues, 12) > 0.5 && value(cues, 25) > 0.5, cues.toString());
        assertTrue(value(cues, 26) < 0.5 && value(cues, 43) < 0.5, cues.toString());
        assertTrue(cues.getExpression().getHappy() > 0.9, cues.toString());
        assertEquals(0, cues.getFrames().get(0).getView().getYaw(), 10);
    }

    @Test
    void theRecordOfAClipTakesAtMostTwoKilobytes() throws IOException {
        FaceCues cues = perception.measure(Collections.nCopies(8, picture(1, portrait(200, 0, 360))));
        assertTrue(FaceCues.getEncoder().encode(cues).remaining() < 2048);
    }

    @Test
    void rulesAloneSayThatTheyDid() {
        try (FacePerception rules = new FacePerception(false)) {
            FaceCues cues = rules.measure(List.of(picture(1, portrait(200, 0, 360))));
            assertEquals("faces-2-rules", cues.getMeasuredBy());
            assertEquals(0.88, cues.getExpression().getHappy(), 0.02);
        }
    }

    @Test
    void evenlySpreadFramesOfALongerClipAreUsed() {
        List<RgbFrame> frames = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            frames.add(new RgbFrame(250 * i, 2, 2, new byte[12]));
        }
        FaceCues cues = perception.measure(frames);
        assertEquals(
                List.of(250, 750, 1250, 1750),
                cues.getFrames().stream().map(FaceFrame::getTimeMs).toList());
    }

    @Test
    void whyThereIsNoUsableFaceIsSaid() {
        assertEquals("there is no picture", perception.measure(List.of()).getAbsentReason());
        FaceCues black = perception.measure(List.of(picture(1)));
        assertEquals("no face was found", black.getAbsentReason());
        assertEquals(0, black.getFaces());
        assertNull(black.getExpression());
        assertTrue(black.getUnits().isEmpty());
    }

    @Test
    void aSmallFaceIsFoundInTheTiles() {
        // the face is 0.2 of the portrait's side: 40 pixels
        FaceCues cues = perception.measure(List.of(picture(1, portrait(380, 100, 200))));
        assertNull(cues.getAbsentReason());
        assertEquals(42, cues.getFrames().get(0).getView().getWidth(), 5);
    }

    @Test
    void ofTwoFacesTheLargerIsFollowedAndNeverMixedWithTheOther() {
        Portrait small = portrait(0, 0, 260);
        RgbFrame both = picture(1, small, portrait(280, 0, 350));
        RgbFrame onlySmall = picture(1, small);
        FaceCues cues = perception.measure(List.of(both, both, onlySmall, both));
        assertEquals(2, cues.getFaces());
        List<FaceFrame> frames = cues.getFrames();
        float x = frames.get(0).getView().getCentreX();
        assertTrue(x > 0.5);
        assertNull(frames.get(2).getView());
        assertEquals(x, frames.get(1).getView().getCentreX(), 0.01);
        assertEquals(x, frames.get(3).getView().getCentreX(), 0.01);
    }

    @Test
    void aFaceThatMovesIsFollowed() {
        List<RgbFrame> frames = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            frames.add(picture(1, portrait(100 + 30 * i, 0, 360)));
        }
        FaceCues cues = perception.measure(frames);
        for (int i = 0; i < 4; i++) {
            float moved = cues.getFrames().get(i).getView().getCentreX()
                    - cues.getFrames().get(0).getView().getCentreX();
            assertEquals(30.0 * i / WIDTH, moved, 0.015);
        }
    }

    @Test
    void darknessLowersReliabilityAndCertainty() {
        FaceCues bright = perception.measure(List.of(picture(1, portrait(200, 0, 360))));
        FaceCues dark = perception.measure(List.of(picture(0.08f, portrait(200, 0, 360))));
        assertNotNull(dark.getExpression());
        assertTrue(reliability(dark, 12) < 0.7 * reliability(bright, 12), dark.toString());
        assertTrue(dark.getExpression().getHappy() < bright.getExpression().getHappy() - 0.1, dark.toString());
    }

    @Test
    void eyesPaintedShutAreCalledClosed() {
        RgbFrame open = RealFiles.frame(portrait);
        FaceMesh mesh;
        try (FaceNets nets = new FaceNets(false)) {
            mesh = new FollowedFace(nets).next(open).orElseThrow().mesh();
        }
        RgbFrame shut = RealFiles.frame(PaintedEyes.shut(portrait, mesh));
        assertTrue(value(perception.measure(List.of(open)), 43) < 0.25);
        assertTrue(value(perception.measure(List.of(shut)), 43) >= 0.5);
        assertTrue(value(perception.measure(List.of(open, shut, open)), 43) < 0.25, "a blink is not meant");
    }

    @Test
    void theSamePicturesGiveTheSameCues() {
        List<RgbFrame> clip = List.of(picture(1, portrait(200, 0, 360)), picture(1, portrait(210, 0, 350)));
        assertEquals(perception.measure(clip), perception.measure(clip));
    }

    private static double value(FaceCues cues, int unit) {
        return unit(cues, unit).getValue();
    }

    private static double reliability(FaceCues cues, int unit) {
        return unit(cues, unit).getReliability();
    }

    private static MeasuredUnit unit(FaceCues cues, int unit) {
        return cues.getUnits().stream()
                .filter(one -> one.getActionUnit() == unit)
                .findFirst()
                .orElseThrow();
    }

    private record Portrait(int left, int top, int side) {}

    private static Portrait portrait(int left, int top, int side) {
        return new Portrait(left, top, side);
    }

    private static RgbFrame picture(float brightness, Portrait... portraits) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        for (Portrait one : portraits) {
            graphics.drawImage(
                    portrait.getScaledInstance(one.side(), one.side(), java.awt.Image.SCALE_AREA_AVERAGING),
                    one.left(),
                    one.top(),
                    null);
        }
        graphics.dispose();
        return RealFiles.frame(brightness == 1 ? picture : new RescaleOp(brightness, 0, null).filter(picture, null));
    }
}
