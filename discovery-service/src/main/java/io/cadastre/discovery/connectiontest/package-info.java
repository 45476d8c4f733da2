/** Tries whether an instance can be worked with, and says which privileges are missing. */
@NullMarked
package io.cadastre.discovery.connectiontest;

import org.jspecify.annotations.NullMarked;
