/** The key-value store: a member that etcd's clients take for one of etcd. */
@NullMarked
package io.cadastre.kv;

import org.jspecify.annotations.NullMarked;
