@NullMarked
package io.cadastre.kv.mvcc;

import org.jspecify.annotations.NullMarked;
