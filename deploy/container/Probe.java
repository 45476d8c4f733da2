import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a service whether it is ready, since its image has neither curl nor need of a shell. */
public final class Probe {
  private static final int LIMIT_MILLIS = 3000;

  private Probe() {}

  /** Ends with 0 where {@code PROBE_URL} answers 200. */
  public static void main(String[] args) throws IOException {
    String url = System.getenv("PROBE_URL");
    if (url == null || url.isEmpty()) {
      System.err.println("PROBE_URL: missing (expected: http://127.0.0.1:PORT/PATH)");
      System.exit(2);
      return;
    }
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    int status = connection.getResponseCode();
    System.out.println(url + " answers " + status);
    System.exit(status == 200 ? 0 : 1);
  }
}
