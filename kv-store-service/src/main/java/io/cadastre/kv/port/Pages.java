package io.cadastre.kv.port;

import java.util.List;
import java.util.Map;

/** What is read under paths. */
@FunctionalInterface
public interface Pages {

  /**
   * Reads one. The thread may be held.
   *
   * @param query the values of each parameter
   */
  Page page(String path, Map<String, List<String>> query);
}
