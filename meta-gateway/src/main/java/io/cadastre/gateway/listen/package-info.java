/** What PostgreSQL tells its clients without being asked. */
@NullMarked
package io.cadastre.gateway.listen;

import org.jspecify.annotations.NullMarked;
