/** Members among themselves: JRaft's messages, and calls of our own, over one gRPC port. */
@NullMarked
package io.cadastre.kv.peer;

import org.jspecify.annotations.NullMarked;
