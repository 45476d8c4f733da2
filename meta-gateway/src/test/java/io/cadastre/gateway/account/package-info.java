@NullMarked
package io.cadastre.gateway.account;

import org.jspecify.annotations.NullMarked;
