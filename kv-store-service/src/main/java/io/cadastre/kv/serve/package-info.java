/** Serving clients: etcd's services over gRPC. */
@NullMarked
package io.cadastre.kv.serve;

import org.jspecify.annotations.NullMarked;
