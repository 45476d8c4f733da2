package io.cadastre.kv.peer;

import com.google.protobuf.Message;

/**
 * A message on a stream between two members.
 *
 * @param call what a request and its answer have in common
 */
record Frame(long call, Message message) {}
