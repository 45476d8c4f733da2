/** The log: what is in it is done, in its order, whatever happens to the process. */
@NullMarked
package io.cadastre.kv.log;

import org.jspecify.annotations.NullMarked;
