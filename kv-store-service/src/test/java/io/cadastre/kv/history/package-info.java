/**
 * Whether what clients saw while members were killed, paused and cut off from each other can be
 * told as one story: recorded histories and the rules they must keep.
 */
@NullMarked
package io.cadastre.kv.history;

import org.jspecify.annotations.NullMarked;
