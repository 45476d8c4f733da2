/** Who belongs to the cluster. */
@NullMarked
package io.cadastre.kv.cluster;

import org.jspecify.annotations.NullMarked;
