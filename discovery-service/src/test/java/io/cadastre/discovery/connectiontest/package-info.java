@NullMarked
package io.cadastre.discovery.connectiontest;

import org.jspecify.annotations.NullMarked;
