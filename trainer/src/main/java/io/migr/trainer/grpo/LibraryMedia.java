package io.migr.trainer.grpo;

import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.model.network.FramePreprocessor;
import io.migr.model.network.Network;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.SoundShift;
import java.io.IOException;

/**
 * The clips of a library in the form the network reads, without augmentation.
 *
 * @param network the network's configuration; its picture size must be that of the library
 */
public record LibraryMedia(ClipLibrary library, Network.Config network) implements ProjectedTokens.Media {
    @Override
    public float[] seen(int clip) throws IOException {
        if (library.annotation(clip) instanceof CueAnnotation.Reported reported) {
            return reported.reading().face();
        }
        int size = network.vision().image();
        int area = 3 * size * size;
        float[] pixels = new float[RenderedClip.FRAMES * area];
        for (int f = 0; f < RenderedClip.FRAMES; f++) {
            byte[] picture = library.picture(clip, f);
            for (int i = 0; i < area; i++) {
                pixels[f * area + i] = FramePreprocessor.normalised(picture[i] & 0xff);
            }
        }
        return pixels;
    }

    @Override
    public float[] heard(int clip) throws IOException {
        if (library.annotation(clip) instanceof CueAnnotation.Reported reported) {
            return reported.reading().voice();
        }
        int window = 2 * network.audio().positions();
        float[] energies = new float[network.audio().mels() * window];
        SoundShift.place(library, clip, window, energies, 0, null);
        return energies;
    }
}
