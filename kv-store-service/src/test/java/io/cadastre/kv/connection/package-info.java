@org.jspecify.annotations.NullMarked
package io.cadastre.kv.connection;
