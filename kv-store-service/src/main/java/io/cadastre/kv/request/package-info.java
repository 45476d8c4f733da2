/** Requests as clients send them: which are refused, and in whose words. */
@NullMarked
package io.cadastre.kv.request;

import org.jspecify.annotations.NullMarked;
