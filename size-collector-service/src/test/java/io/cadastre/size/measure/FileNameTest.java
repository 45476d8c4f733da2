package io.cadastre.size.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.localservers.LocalMariaDb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {

  @ParameterizedTest
  @CsvSource({
    "shop, shop",
    "with@002edots, with.dots",
    "x@002fy, x/y",
    "a@0040002eb, a@002eb",
    "@6570@636e@5e93, 数据库",
    "caf@0p, café",
    "@h0@g0@n0@g0, база",
    "@7P@0020mega, Ω mega",
    "CON@@@, CON",
    "@A@@H@, ＡＨ",
  })
  void aNameIsDecodedAsTheServerDoes(String encoded, String name) {
    assertThat(FileName.decode(encoded)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"a@, a@", "a@0, a@0", "a@00, a@00", "a@zzzz, a@zzzz", "#mysql50#x, #mysql50#x"})
  void whatIsNoEncodingStaysAsItIs(String encoded, String name) {
    assertThat(FileName.decode(encoded)).isEqualTo(name);
  }

  /** MariaDB is asked for the encoding of every character a name may have. */
  @Test
  void everyCharacterComesBack() throws SQLException {
    LocalMariaDb server = LocalMariaDb.shared();
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        PreparedStatement encode =
            connection.prepareStatement("SELECT CONVERT(CONVERT(? USING filename) USING binary)")) {
      for (int block = 1; block < 0x10000; block += 64) {
        StringBuilder name = new StringBuilder();
        for (int c = block; c < Math.min(block + 64, 0x10000); c++) {
          if (!Character.isSurrogate((char) c)) {
            name.append((char) c);
          }
        }
        encode.setString(1, name.toString());
        try (ResultSet row = encode.executeQuery()) {
          row.next();
          assertThat(FileName.decode(row.getString(1))).isEqualTo(name.toString());
        }
      }
    }
  }

  @Test
  void aDecodedPathBelongsToTheLongestDatabaseItBeginsWith() {
    Set<String> databases = Set.of("x", "x/y", "shop");

    assertThat(Tablespaces.databaseOf("shop", databases)).isEqualTo("shop");
    assertThat(Tablespaces.databaseOf("x/y", databases)).isEqualTo("x/y");
    assertThat(Tablespaces.databaseOf("x/t", databases)).isEqualTo("x");
    assertThat(Tablespaces.databaseOf("x/y/t", databases)).isEqualTo("x/y");
    assertThat(Tablespaces.databaseOf("gone/t", databases)).isEqualTo("gone");
    assertThat(Tablespaces.databaseOf("x@002fy", Set.of())).isEqualTo("x/y");
  }

  @Test
  void aPartitionBelongsToItsTable() {
    assertThat(Tablespaces.tableKey("shop/orders#P#p0"))
        .isEqualTo(Tablespaces.key("shop", "orders"));
    assertThat(Tablespaces.tableKey("shop/@0023orders#p#p0#sp#s1"))
        .isEqualTo(Tablespaces.key("shop", "#orders"));
    assertThat(Tablespaces.tableKey("a@002eb/t")).isEqualTo(Tablespaces.key("a.b", "t"));
  }
}
