@NullMarked
package io.cadastre.kv.engine;

import org.jspecify.annotations.NullMarked;
