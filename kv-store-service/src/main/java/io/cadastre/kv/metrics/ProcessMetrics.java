package io.cadastre.kv.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process takes of its machine, under the names that every Prometheus client has. */
public final class ProcessMetrics {

  private static final Path MEMORY = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  /** Writes it as it is now. */
  public static void write(MetricsText text) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long open = system.getOpenFileDescriptorCount();
      long most = system.getMaxFileDescriptorCount();
      text.counter("process_cpu_seconds_total", "Of processors.", system.getProcessCpuTime() / 1e9);
      text.gauge("process_open_fds", "Open files and sockets.", open);
      text.gauge("process_max_fds", "As many may be open.", most);
      text.gauge("os_fd_used", "Open files and sockets.", open);
      text.gauge("os_fd_limit", "As many may be open.", most);
    }
    text.gauge(
        "process_start_time_seconds",
        "Since 1970.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    try {
      String[] pages = Files.readString(MEMORY).split(" ", -1);
      text.gauge(
          "process_virtual_memory_bytes", "Asked for.", Long.parseLong(pages[0]) * PAGE_BYTES);
      text.gauge(
          "process_resident_memory_bytes", "In memory.", Long.parseLong(pages[1]) * PAGE_BYTES);
    } catch (IOException _) {
      // Not every system tells.
      return;
    }
  }
}
