@NullMarked
package io.cadastre.instanceaccess;

import org.jspecify.annotations.NullMarked;
