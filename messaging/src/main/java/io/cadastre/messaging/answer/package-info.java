/** What a worker does with every command: answers it in parts, counts it and takes its time. */
@NullMarked
package io.cadastre.messaging.answer;

import org.jspecify.annotations.NullMarked;
