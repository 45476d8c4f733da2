@NullMarked
package io.cadastre.size.command;

import org.jspecify.annotations.NullMarked;
