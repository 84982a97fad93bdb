/** {@code migr evaluate}, {@code experiment} and {@code corpus}: measure models, and write generated clips. */
package io.migr.cli.evaluate;
