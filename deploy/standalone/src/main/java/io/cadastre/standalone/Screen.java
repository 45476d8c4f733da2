package io.cadastre.standalone;

import java.io.PrintStream;

/** What people see while it starts, runs and stops. */
final class Screen {
  private final PrintStream out;

  Screen(PrintStream out) {
    this.out = out;
  }

  PrintStream out() {
    return out;
  }

  synchronized void say(String line) {
    out.println(line);
  }

  /** Says nothing where the server got the port it wanted. */
  void portTaken(String name, int wanted, int taken) {
    if (wanted != 0 && wanted != taken) {
      say("  Port %d is taken: %s uses port %d instead.".formatted(wanted, name, taken));
    }
  }
}
