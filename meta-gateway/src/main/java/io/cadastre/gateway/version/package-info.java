/** Changes that must not overwrite what somebody else changed meanwhile: ETag and If-Match. */
@NullMarked
package io.cadastre.gateway.version;

import org.jspecify.annotations.NullMarked;
