/** How members agree on one log: JRaft, and what it is told by and tells the rest. */
@NullMarked
package io.cadastre.kv.raft;

import org.jspecify.annotations.NullMarked;
