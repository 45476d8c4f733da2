package io.cadastre.kv.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemFilesTest {

  @TempDir private Path directory;

  @Test
  void keysAreReadAsOpensslWroteThemLongAgo() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey key = generator.generateKeyPair().getPrivate();
    // PKCS#8 of RSA is 26 bytes and then RSA's own form.
    byte[] own = Arrays.copyOfRange(key.getEncoded(), 26, key.getEncoded().length);
    assertThat(PemFiles.key(pem("RSA PRIVATE KEY", own))).isEqualTo(key);
    assertThat(PemFiles.key(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  @Test
  void keysOnCurvesAreReadWithTheNameOfTheCurveBeforeThem() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] number =
        ((java.security.interfaces.ECPrivateKey) pair.getPrivate()).getS().toByteArray();
    byte[] fixed = new byte[32];
    int most = Math.min(32, number.length);
    System.arraycopy(number, number.length - most, fixed, 32 - most, most);
    byte[] own = new byte[51];
    System.arraycopy(new byte[] {0x30, 49, 2, 1, 1, 4, 32}, 0, own, 0, 7);
    System.arraycopy(fixed, 0, own, 7, 32);
    byte[] curve = {(byte) 0xa0, 10, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    System.arraycopy(curve, 0, own, 39, curve.length);
    PrivateKey read = PemFiles.key(pem("EC PRIVATE KEY", own));
    assertThat(((java.security.interfaces.ECPrivateKey) read).getS())
        .isEqualTo(((java.security.interfaces.ECPrivateKey) pair.getPrivate()).getS());
  }

  @Test
  void whatIsNoKeyNamesTheFile() throws Exception {
    assertThatThrownBy(() -> PemFiles.key(pem("CERTIFICATE", new byte[3])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file.pem");
    assertThatThrownBy(() -> PemFiles.key(pem("EC PRIVATE KEY", new byte[] {1, 2})))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> PemFiles.certificates(pem("PRIVATE KEY", new byte[3])))
        .isInstanceOf(IOException.class);
  }

  private Path pem(String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    return Files.writeString(
        directory.resolve("file.pem"),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
