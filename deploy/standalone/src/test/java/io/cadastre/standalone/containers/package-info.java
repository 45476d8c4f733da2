/** What can be checked of the containers without running them. */
@NullMarked
package io.cadastre.standalone.containers;

import org.jspecify.annotations.NullMarked;
