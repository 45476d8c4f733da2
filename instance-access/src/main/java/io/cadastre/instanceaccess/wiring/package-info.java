/**
 * Spring wiring of {@link io.cadastre.instanceaccess.InstanceAccess}; nothing else here knows it.
 */
@NullMarked
package io.cadastre.instanceaccess.wiring;

import org.jspecify.annotations.NullMarked;
