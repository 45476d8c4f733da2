package io.cadastre.gateway.trace;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import org.springframework.stereotype.Component;

/**
 * Takes along what a receiver says of the message it hands over: handling it goes on on other
 * threads, and their log lines name it too.
 */
@Component
final class LogContext {

  LogContext() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(
            new Slf4jThreadLocalAccessor("operation_id", "message_id", "subject"));
  }
}
