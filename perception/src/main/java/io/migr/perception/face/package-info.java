/** Measures faces in pictures: where they are, their pose, what they show, and how reliable each measure is. */
package io.migr.perception.face;
