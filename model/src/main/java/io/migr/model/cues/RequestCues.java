package io.migr.model.cues;

import io.migr.model.CueReading;
import io.migr.model.network.PictureFile;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipKey;
import io.migr.schemas.FaceCues;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what was measured in a clip from its request. In requests from before faces and voices were measured, the face
 * is measured from the frames; the voice cannot be.
 */
public final class RequestCues {
    /** Loads its nets with the first such request. */
    private static final ClipPerception PERCEPTION = new ClipPerception(true);

    private RequestCues() {}

    /**
     * What was measured.
     *
     * @throws IllegalArgumentException if a frame of an old request cannot be decoded; the message names the clip
     */
    public static CueReading reading(InferenceRequest request) {
        AudioFeatures audio = request.getAudio();
        boolean heard = audio != null && audio.getPresent();
        VoiceCues voice = heard ? audio.getVoice() : null;
        CueReading reading = new ClipCues(face(request), voice, request.getBaseline()).reading();
        return heard && voice == null ? reading.withoutVoice("what the voice sounded like was not recorded") : reading;
    }

    private static FaceCues face(InferenceRequest request) {
        VisualFeatures visual = request.getVisual();
        if (visual == null || !visual.getPresent()) {
            return null;
        }
        return visual.getFace() == null && !visual.getFrames().isEmpty()
                ? PERCEPTION.face(pictures(visual.getFrames(), ClipKey.name(request.getClip())))
                : visual.getFace();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static List<RgbFrame> pictures(List<Frame> frames, String clip) {
        List<RgbFrame> pictures = new ArrayList<>();
        for (Frame frame : frames) {
            try {
                BufferedImage picture = PictureFile.read(bytes(frame.getJpeg()));
                pictures.add(new RgbFrame(
                        frame.getTimeMs(), picture.getWidth(), picture.getHeight(), PictureFile.rgb(picture)));
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "The frame at " + frame.getTimeMs() + " ms of clip " + clip + " cannot be decoded: "
                                + e.getMessage() + ".",
                        e);
            }
        }
        return pictures;
    }
}
