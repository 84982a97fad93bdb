package io.migr.trainer.reward;

import io.migr.model.Explanation;
import java.util.Optional;

/**
 * One sampled explanation.
 *
 * @param text as decoded, tags included
 * @param explanation the parsed text; empty if it is malformed or was cut
 */
public record Completion(String text, Optional<Explanation> explanation) {}
