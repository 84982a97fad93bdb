package io.migr.trainer.grpo;

import io.migr.model.Modality;
import io.migr.trainer.reward.Target;
import java.util.Set;

/**
 * One clip to explain.
 *
 * @param clip number of the clip in {@link ClipTokens}
 * @param video whether its pictures are shown to the decoder
 * @param audio whether its sound is shown to the decoder
 * @param target what completions are compared with
 */
public record Task(int clip, boolean video, boolean audio, Target target) {

    /** The task of a clip; a missing modality is left out of the prompt, as in the service. */
    public static Task of(int clip, Target target) {
        Set<Modality> present = target.present();
        return new Task(clip, present.contains(Modality.VISUAL), present.contains(Modality.AUDIO), target);
    }
}
