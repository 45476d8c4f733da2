package io.cadastre.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.SealedSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {

  private static final String PASSWORD = "pässwörd-🔑-42";
  private static final String OWNER = InstanceConnection.secretContext(7);

  private final KeysetGenerator.Keysets keysets = KeysetGenerator.generate();
  private final SecretSealer sealer = SecretSealer.of(keysets.publicKeyset());
  private final SecretOpener opener = SecretOpener.of(keysets.privateKeyset());

  @Test
  void whatWasSealedOpensForItsOwner() {
    SealedSecret sealed = sealer.seal(PASSWORD, OWNER);

    assertThat(opener.open(sealed, OWNER)).asString(UTF_8).isEqualTo(PASSWORD);
  }

  @Test
  void anEmptySecretIsASecret() {
    assertThat(opener.open(sealer.seal("", OWNER), OWNER)).isEmpty();
  }

  @Test
  void sealingTwiceShowsNoLikeness() {
    assertThat(sealer.seal(PASSWORD, OWNER)).isNotEqualTo(sealer.seal(PASSWORD, OWNER));
  }

  @Test
  void aSecretMovedToAnotherOwnerDoesNotOpen() {
    SealedSecret sealed = sealer.seal(PASSWORD, OWNER);

    assertUnreadable(opener, sealed, InstanceConnection.secretContext(8));
  }

  @Test
  void anotherWorkersKeyDoesNotOpenIt() {
    SecretOpener stranger = SecretOpener.of(KeysetGenerator.generate().privateKeyset());

    assertUnreadable(stranger, sealer.seal(PASSWORD, OWNER), OWNER);
  }

  @Test
  void aDamagedSecretIsUnreadableAndNotQuoted() {
    String ciphertext = sealer.seal(PASSWORD, OWNER).ciphertext();

    assertUnreadable(opener, new SealedSecret(ciphertext.substring(4)), OWNER);
    assertUnreadable(opener, new SealedSecret("?" + ciphertext), OWNER);
    assertUnreadable(opener, new SealedSecret(""), OWNER);
  }

  @Test
  void afterARotationOldAndNewSecretsOpenAndTheNewKeySeals() {
    SealedSecret old = sealer.seal(PASSWORD, OWNER);
    KeysetGenerator.Keysets rotated = KeysetGenerator.rotate(keysets.privateKeyset());
    SecretOpener rotatedOpener = SecretOpener.of(rotated.privateKeyset());
    SealedSecret fresh = SecretSealer.of(rotated.publicKeyset()).seal("new", OWNER);

    assertThat(rotatedOpener.open(old, OWNER)).asString(UTF_8).isEqualTo(PASSWORD);
    assertThat(rotatedOpener.open(fresh, OWNER)).asString(UTF_8).isEqualTo("new");
    assertUnreadable(opener, fresh, OWNER);
  }

  @Test
  void theGatewayRefusesAPrivateKeysetAndTheWorkersAPublicOne() {
    assertThatThrownBy(() -> SecretSealer.of(keysets.privateKeyset()))
        .isInstanceOf(InvalidKeysetException.class);
    assertThatThrownBy(() -> SecretOpener.of(keysets.publicKeyset()))
        .isInstanceOf(InvalidKeysetException.class);
  }

  @Test
  void aDamagedKeysetIsRefusedByFileNameAndNotQuoted(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("private.json");
    String damaged = keysets.privateKeyset().replaceFirst("\"keyData\"", "keyData");
    Files.writeString(file, damaged);

    assertThatThrownBy(() -> SecretOpener.read(file))
        .isInstanceOf(InvalidKeysetException.class)
        .hasMessageStartingWith(file.toString())
        .hasNoCause()
        .satisfies(e -> assertThat(e.toString()).doesNotContain("keyData"));
  }

  @Test
  void nothingPrintsItsSecrets() {
    SealedSecret sealed = sealer.seal(PASSWORD, OWNER);

    assertThat(keysets).asString().doesNotContain("key", keysets.privateKeyset());
    assertThat(sealed).asString().doesNotContain(sealed.ciphertext(), PASSWORD);
    assertThat(opener).asString().isEqualTo("SecretOpener[HPKE]");
    assertThat(sealer).asString().isEqualTo("SecretSealer[HPKE]");
  }

  private static void assertUnreadable(SecretOpener opener, SealedSecret sealed, String owner) {
    assertThatThrownBy(() -> opener.open(sealed, owner))
        .isInstanceOf(SecretUnreadableException.class)
        .hasMessage("the sealed secret of %s cannot be opened with the keys of this service", owner)
        .hasNoCause();
  }
}
