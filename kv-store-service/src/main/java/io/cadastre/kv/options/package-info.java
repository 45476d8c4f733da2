/**
 * What a member is started with: etcd's options, from the command line, the environment or a file.
 */
@NullMarked
package io.cadastre.kv.options;

import org.jspecify.annotations.NullMarked;
