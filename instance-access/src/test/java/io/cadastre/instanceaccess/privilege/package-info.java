@NullMarked
package io.cadastre.instanceaccess.privilege;

import org.jspecify.annotations.NullMarked;
