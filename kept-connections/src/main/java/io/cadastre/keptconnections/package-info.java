/** Keeps a client's connection answering from one request to the next. */
@NullMarked
package io.cadastre.keptconnections;

import org.jspecify.annotations.NullMarked;
