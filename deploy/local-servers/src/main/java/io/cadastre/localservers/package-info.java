/** Real servers on this machine: for tests, for the demo, for the one-command start. */
@NullMarked
package io.cadastre.localservers;

import org.jspecify.annotations.NullMarked;
