@NullMarked
package io.cadastre.kv.request;

import org.jspecify.annotations.NullMarked;
