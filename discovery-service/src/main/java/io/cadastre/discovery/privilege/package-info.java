/** What the account that a worker logs in with may see. */
@NullMarked
package io.cadastre.discovery.privilege;

import org.jspecify.annotations.NullMarked;
