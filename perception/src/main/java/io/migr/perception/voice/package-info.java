/** Measures voices in sound: speech, pitch, level, quality, pauses and loud events, and how reliable each measure is. */
package io.migr.perception.voice;
