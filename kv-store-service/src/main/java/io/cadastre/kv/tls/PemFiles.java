package io.cadastre.kv.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PEM files. The JDK takes keys in PKCS#8 alone; what openssl, cfssl and kubeadm write for
 * etcd is often RSA's or EC's own form, which is wrapped here.
 */
final class PemFiles {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final byte[] VERSION = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;
  private static final int CURVE = 0xa0;

  private PemFiles() {}

  static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = blocks(file);
    while (block.find()) {
      if (block.group(1).endsWith("CERTIFICATE")) {
        certificates.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(content(file, block))));
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException(file + ": no certificate (allowed: PEM with at least one)");
    }
    return certificates;
  }

  static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher block = blocks(file);
    while (block.find()) {
      byte[] content = content(file, block);
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return key(file, content, "RSA", "EC", "EdDSA");
        }
        case "RSA PRIVATE KEY" -> {
          return key(file, wrapped(RSA, content), "RSA");
        }
        case "EC PRIVATE KEY" -> {
          byte[] algorithm = tagged(SEQUENCE, EC, curve(file, content));
          return key(file, wrapped(algorithm, content), "EC");
        }
        default -> {
          // Parameters and certificates may stand before the key.
        }
      }
    }
    throw new IOException(file + ": no private key (allowed: PEM, RSA or EC, not encrypted)");
  }

  private static Matcher blocks(Path file) throws IOException {
    return BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  private static byte[] content(Path file, Matcher block) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": not base64", e);
    }
  }

  private static PrivateKey key(Path file, byte[] pkcs8, String... algorithms)
      throws IOException, GeneralSecurityException {
    for (String algorithm : algorithms) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (java.security.spec.InvalidKeySpecException _) {
        // Of the next kind, perhaps.
      }
    }
    throw new IOException(file + ": unreadable key (allowed: " + String.join(", ", algorithms));
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return tagged(SEQUENCE, VERSION, algorithm, tagged(OCTETS, key));
  }

  /** The name of the curve in EC's own form: version, key, [0] curve, [1] public key. */
  private static byte[] curve(Path file, byte[] key) throws IOException {
    try {
      ByteBuffer read = ByteBuffer.wrap(key);
      int _ = header(read);
      skip(read);
      skip(read);
      if ((read.get() & 0xff) != CURVE) {
        throw new IOException(file + ": EC key without the name of its curve");
      }
      byte[] name = new byte[length(read)];
      read.get(name);
      return name;
    } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException(file + ": not an EC key", e);
    }
  }

  private static int header(ByteBuffer read) {
    byte _ = read.get();
    return length(read);
  }

  private static void skip(ByteBuffer read) {
    int length = header(read);
    read.position(read.position() + length);
  }

  private static int length(ByteBuffer read) {
    int first = read.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | (read.get() & 0xff);
    }
    return length;
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer whole = ByteBuffer.allocate(length + 5);
    whole.put((byte) tag);
    if (length < 0x80) {
      whole.put((byte) length);
    } else {
      whole.put((byte) 0x82).putShort((short) length);
    }
    for (byte[] part : parts) {
      whole.put(part);
    }
    byte[] bytes = new byte[whole.position()];
    whole.flip().get(bytes);
    return bytes;
  }
}
