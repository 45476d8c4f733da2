package io.cadastre.kv.metrics;

import java.util.Map;

/** Metrics in the form that Prometheus reads. */
public final class MetricsText {

  private final StringBuilder text = new StringBuilder();

  /** Something that goes up and down. */
  public void gauge(String name, String help, long value) {
    head(name, "gauge", help);
    sample(name, "", value);
  }

  /** Something that goes up and down. */
  public void gauge(String name, String help, double value) {
    head(name, "gauge", help);
    sample(name, "", value);
  }

  /** Something that only goes up. */
  public void counter(String name, String help, long value) {
    head(name, "counter", help);
    sample(name, "", value);
  }

  /** Something that only goes up. */
  public void counter(String name, String help, double value) {
    head(name, "counter", help);
    sample(name, "", value);
  }

  /** A time that something took. */
  public void histogram(String name, String help, Histogram histogram) {
    head(name, "histogram", help);
    histogram.write(this, name, "");
  }

  /** Times, by labels. */
  public void histograms(String name, String help, Map<String, Histogram> byLabels) {
    head(name, "histogram", help);
    byLabels.forEach((labels, histogram) -> histogram.write(this, name, labels));
  }

  /** What stands before the samples of a metric. */
  public void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /**
   * One value.
   *
   * @param labels as in {@code a="1",b="2"}; see {@link #label}
   */
  public void sample(String name, String labels, long value) {
    sample(name, labels, Long.toString(value));
  }

  /** One value that need not be whole. */
  public void sample(String name, String labels, double value) {
    sample(name, labels, Double.toString(value));
  }

  private void sample(String name, String labels, String value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  /** One label. */
  public static String label(String name, String value) {
    return name
        + "=\""
        + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
        + "\"";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
