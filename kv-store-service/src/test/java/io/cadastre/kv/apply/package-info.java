@NullMarked
package io.cadastre.kv.apply;

import org.jspecify.annotations.NullMarked;
