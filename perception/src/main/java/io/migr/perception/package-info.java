/** Measures the people in a clip: {@link io.migr.perception.ClipPerception} is what other rooms use. */
package io.migr.perception;
