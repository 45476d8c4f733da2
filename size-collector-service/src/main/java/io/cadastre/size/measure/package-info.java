/**
 * Measures the databases of an instance, in bytes: what their files take on disk where the account
 * may know it, an estimate that says so where it may not.
 */
@NullMarked
package io.cadastre.size.measure;

import org.jspecify.annotations.NullMarked;
