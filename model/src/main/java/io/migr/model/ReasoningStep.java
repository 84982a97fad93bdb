package io.migr.model;

/**
 * One block of an explanation.
 *
 * @param modality what it speaks of; null: the step that weighs both
 * @param text its words, without tags
 * @param emotion the emotion it asserts; null: none
 */
public record ReasoningStep(Modality modality, String text, Emotion emotion) {}
