/** What the tests of both workers stand on: servers to look at, Kafka's other end, rules. */
@NullMarked
package io.cadastre.testbed;

import org.jspecify.annotations.NullMarked;
