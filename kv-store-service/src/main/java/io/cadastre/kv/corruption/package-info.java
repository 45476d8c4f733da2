/** Finding out that a member's data are not what was agreed on. */
@NullMarked
package io.cadastre.kv.corruption;

import org.jspecify.annotations.NullMarked;
