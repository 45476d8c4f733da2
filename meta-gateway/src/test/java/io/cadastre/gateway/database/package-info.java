@NullMarked
package io.cadastre.gateway.database;

import org.jspecify.annotations.NullMarked;
