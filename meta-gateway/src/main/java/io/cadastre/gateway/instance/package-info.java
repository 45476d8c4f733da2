/** Registered database instances: what users say about them, never what scans found. */
@NullMarked
package io.cadastre.gateway.instance;

import org.jspecify.annotations.NullMarked;
