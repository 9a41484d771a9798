// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/// Asks the name servers themselves, for the JVM's own resolver remembers answers for half a
/// minute.
///
/// @param servers `dns:` for those of the machine, or `dns://HOST:PORT`
/// @param name fully qualified
/// @param type of the addresses, `A` or `AAAA`: that of this node's own, for a node that has both
///   would be found twice, and count as two
/// @param port of every node; 0 to ask for SRV records
public record DnsLookup(String servers, String name, String type, int port) implements Lookup {

    private static final String OF_MACHINE = "dns:";

    private static final String FIRST_WAIT_MILLIS = "1000";
    private static final String TRIES = "3";

    /// Asks the machine's name servers for nodes with addresses of the kind that this one has.
    static DnsLookup ofMachine(String name, String self, int port) {
        return new DnsLookup(OF_MACHINE, name, self.startsWith("[") ? "AAAA" : "A", port);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // JNDI takes a Hashtable
    public List<String> look() throws IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, servers);
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_WAIT_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                return port > 0 ? addresses(context, name, port) : services(context);
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            throw new IOException("no answer: " + e.getMessage(), e);
        }
    }

    private List<String> addresses(DirContext context, String host, int ofHost)
            throws NamingException {
        String text = type.equals("AAAA") ? "[%s]:%d" : "%s:%d";
        return values(context, host, type).stream()
                .map(address -> text.formatted(address, ofHost))
                .toList();
    }

    /// An SRV record is `priority weight port target`.
    private List<String> services(DirContext context) throws NamingException {
        List<String> found = new ArrayList<>();
        for (String service : values(context, name, "SRV")) {
            String[] fields = service.split(" ", -1);
            found.addAll(addresses(context, fields[3], Integer.parseInt(fields[2])));
        }
        return found;
    }

    /// One type at a time: for several the JDK asks for any, which servers need not answer. Records
    /// of these types are text: the provider makes no objects of them.
    @SuppressWarnings("BanJNDI")
    private static List<String> values(DirContext context, String name, String type)
            throws NamingException {
        Attribute values = context.getAttributes(name, new String[] {type}).get(type);
        List<String> texts = new ArrayList<>();
        if (values != null) {
            for (Object value : Collections.list(values.getAll())) {
                texts.add(String.valueOf(value));
            }
        }
        return texts;
    }

    @Override
    public String toString() {
        return "dns:" + name;
    }
}
