/** Turns the text of an explanation into statements: what it says of face and voice, and what it concludes. */
package io.migr.evaluation.readers;
