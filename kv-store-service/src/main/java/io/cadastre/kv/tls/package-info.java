/** Certificates and keys from PEM files that may change while the member runs. */
@NullMarked
package io.cadastre.kv.tls;

import org.jspecify.annotations.NullMarked;
