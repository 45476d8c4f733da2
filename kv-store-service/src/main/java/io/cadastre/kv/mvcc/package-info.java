/** Keys with their history: revisions, generations, compaction, as etcd defines them. */
@NullMarked
package io.cadastre.kv.mvcc;

import org.jspecify.annotations.NullMarked;
