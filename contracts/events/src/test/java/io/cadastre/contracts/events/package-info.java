@NullMarked
package io.cadastre.contracts.events;

import org.jspecify.annotations.NullMarked;
