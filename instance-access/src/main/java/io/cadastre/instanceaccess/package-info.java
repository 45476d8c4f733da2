/**
 * The one way to open a connection to a registered instance. The host is resolved once, every
 * address checked against the policy, and the driver gets a socket that is connected already: it
 * looks nothing up, follows no redirect and opens no second connection. Every step has a timeout,
 * and every failure a {@link io.cadastre.contracts.events.FailureCode}.
 *
 * <p>What the TLS modes protect: with {@code disabled} anyone on the way reads along, though the
 * password is never sent in clear text (MySQL's {@code caching_sha2_password} encrypts it with the
 * RSA key the server sends, which stops a listener and not an impostor; methods that need the clear
 * password are refused). {@code required} stops a listener, not an impostor. {@code verify-ca} and
 * {@code verify-full} stop both, and an impostor with a certificate of the same authority is
 * stopped by {@code verify-full} alone.
 */
@NullMarked
package io.cadastre.instanceaccess;

import org.jspecify.annotations.NullMarked;
