/** All that the log makes of a member: keys, leases, users, alarms, applied entry by entry. */
@NullMarked
package io.cadastre.kv.state;

import org.jspecify.annotations.NullMarked;
