/**
 * Secrets sealed with a public key where they arrive and opened with the private key where they are
 * used: HPKE (X25519, AES-256-GCM) by Tink, bound to the id of their owner.
 */
@NullMarked
package io.cadastre.secrets;

import org.jspecify.annotations.NullMarked;
