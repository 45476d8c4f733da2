package io.cadastre.instanceaccess;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks a host up; may block for as long as the system's resolver does. */
@FunctionalInterface
interface HostResolver {

  InetAddress[] resolve(String host) throws UnknownHostException;
}
