/** What is wrong with the cluster, known to every member, and what is refused because of it. */
@NullMarked
package io.cadastre.kv.alarm;

import org.jspecify.annotations.NullMarked;
