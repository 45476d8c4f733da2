/** What the account that a worker logs in with may see. */
@NullMarked
package io.cadastre.instanceaccess.privilege;

import org.jspecify.annotations.NullMarked;
