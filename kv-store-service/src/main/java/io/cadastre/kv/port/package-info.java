/** The port on which clients come in: gRPC, HTTP and etcd's JSON side by side. */
@NullMarked
package io.cadastre.kv.port;

import org.jspecify.annotations.NullMarked;
