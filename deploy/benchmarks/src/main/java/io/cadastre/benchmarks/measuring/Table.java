package io.cadastre.benchmarks.measuring;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns line up. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... heads) {
    rows.add(List.of(heads));
  }

  public Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** To standard output; progress goes to standard error. */
  public void print(String title) {
    System.out.println("\n" + title + "\n");
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder line = new StringBuilder("|");
      StringBuilder rule = new StringBuilder("|");
      for (int column = 0; column < columns; column++) {
        String cell = rows.get(row).get(column);
        line.append(' ')
            .append(cell)
            .append(" ".repeat(widths[column] - cell.length()))
            .append(" |");
        rule.append("-".repeat(widths[column] + 2)).append('|');
      }
      System.out.println(line);
      if (row == 0) {
        System.out.println(rule);
      }
    }
  }
}
