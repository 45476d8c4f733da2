package io.cadastre.gateway.size;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in PostgreSQL's text format for COPY, cut into pieces that are sent one by one. */
final class CopyRows {

  private static final int PIECE_CHARS = 32 * 1024;

  private final List<ByteBuf> pieces = new ArrayList<>();
  private final StringBuilder piece = new StringBuilder(PIECE_CHARS + 1024);

  /** Appends one row; null is SQL's NULL. */
  void add(@Nullable Object... values) {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        piece.append('\t');
      }
      switch (values[i]) {
        case null -> piece.append("\\N");
        case String text -> escape(text);
        case Object plain -> piece.append(plain);
      }
    }
    piece.append('\n');
    if (piece.length() >= PIECE_CHARS) {
      cut();
    }
  }

  /** All of it; no row can be added after. */
  List<ByteBuf> pieces() {
    if (!piece.isEmpty()) {
      cut();
    }
    return pieces;
  }

  private void cut() {
    pieces.add(Unpooled.wrappedBuffer(piece.toString().getBytes(StandardCharsets.UTF_8)));
    piece.setLength(0);
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> piece.append("\\\\");
        case '\t' -> piece.append("\\t");
        case '\n' -> piece.append("\\n");
        case '\r' -> piece.append("\\r");
        default -> piece.append(c);
      }
    }
  }
}
