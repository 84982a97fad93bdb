/** {@code migr evaluate}, {@code experiment} and {@code corpus}: how good a model is, and clips to find out with. */
package io.migr.cli.evaluate;
