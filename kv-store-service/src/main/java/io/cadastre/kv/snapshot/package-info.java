/** Snapshots as etcd's own tools write and read them: a bbolt file and its SHA-256. */
@NullMarked
package io.cadastre.kv.snapshot;

import org.jspecify.annotations.NullMarked;
