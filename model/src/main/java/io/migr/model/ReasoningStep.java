package io.migr.model;

/**
 * One block of an explanation.
 *
 * @param block which one it is
 * @param text its words, without tags
 * @param emotion the emotion it asserts; null: none
 */
public record ReasoningStep(Block block, String text, Emotion emotion) {}
