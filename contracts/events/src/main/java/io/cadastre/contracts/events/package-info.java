/** Everything Cadastre puts on Kafka, and the binding that reads and writes it. */
@NullMarked
package io.cadastre.contracts.events;

import org.jspecify.annotations.NullMarked;
