/** Takes the gateway's commands from Kafka and answers them there. */
@NullMarked
package io.cadastre.size.command;

import org.jspecify.annotations.NullMarked;
