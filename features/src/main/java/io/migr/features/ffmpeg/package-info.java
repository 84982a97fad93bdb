/** FFmpeg as a child process: its programs, its command lines, and the only list of what it may read from outside. */
package io.migr.features.ffmpeg;
