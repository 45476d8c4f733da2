/** The key-value store beside etcd: one load generator for both, in turn, on the same machine. */
@NullMarked
package io.cadastre.benchmarks.kv;

import org.jspecify.annotations.NullMarked;
