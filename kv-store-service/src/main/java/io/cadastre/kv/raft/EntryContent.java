package io.cadastre.kv.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.cadastre.contracts.kv.command.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What is in an entry of the log: commands, each behind its length. */
final class EntryContent {

  private EntryContent() {}

  static ByteBuffer of(List<Proposal> proposals) {
    int bytes = 0;
    for (Proposal proposal : proposals) {
      bytes += CodedOutputStream.computeMessageSizeNoTag(proposal.command);
    }
    return written(
        bytes,
        out -> {
          for (Proposal proposal : proposals) {
            out.writeMessageNoTag(proposal.command);
          }
        });
  }

  static ByteBuffer ofEncoded(List<ByteString> commands) {
    int bytes = 0;
    for (ByteString command : commands) {
      bytes += CodedOutputStream.computeBytesSizeNoTag(command);
    }
    return written(
        bytes,
        out -> {
          for (ByteString command : commands) {
            out.writeBytesNoTag(command);
          }
        });
  }

  private static ByteBuffer written(int bytes, Writer writer) {
    byte[] content = new byte[bytes];
    CodedOutputStream out = CodedOutputStream.newInstance(content);
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.checkNoSpaceLeft();
    return ByteBuffer.wrap(content);
  }

  static List<Command> commands(long index, ByteBuffer content) {
    CodedInputStream in = CodedInputStream.newInstance(content);
    List<Command> commands = new ArrayList<>();
    try {
      while (!in.isAtEnd()) {
        commands.add(in.readMessage(Command.parser(), ExtensionRegistryLite.getEmptyRegistry()));
      }
    } catch (IOException e) {
      throw new IllegalStateException("entry " + index + " holds no commands", e);
    }
    return commands;
  }

  @FunctionalInterface
  private interface Writer {
    void writeTo(CodedOutputStream out) throws IOException;
  }
}
