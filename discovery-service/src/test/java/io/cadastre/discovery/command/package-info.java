@NullMarked
package io.cadastre.discovery.command;

import org.jspecify.annotations.NullMarked;
