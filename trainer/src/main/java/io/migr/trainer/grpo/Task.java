package io.migr.trainer.grpo;

import io.migr.model.Modality;
import io.migr.trainer.reward.Target;
import java.util.Set;


/**
 * One clip to explain.
 *
 * @param clip its number, as {@link ClipTokens} knows it
 * @param video its pictures are shown to the decoder
 * @param audio its sound is
 * @param target what completions are held to
 */
public record Task(int clip, boolean video, boolean audio, Target target) {

    /** A missing modality is left out of the prompt, as the service does. */
    public static Task of(int clip, Target target) {
        Set<Modality> present = target.present();
        return new Task(clip, present.contains(Modality.VISUAL), present.contains(Modality.AUDIO), target);
    }
}
