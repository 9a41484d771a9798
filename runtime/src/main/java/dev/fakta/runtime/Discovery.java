// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a node learns of the others of its cluster.
public sealed interface Discovery
        permits Discovery.Named, Discovery.Dns, Discovery.Kubernetes, Discovery.ByLookup {

    /// Nodes that are named, in the same order on every node: the first one founds the cluster when
    /// it finds no other. None: a cluster of one.
    ///
    /// @param addresses `host:port`
    record Named(List<String> addresses) implements Discovery {
        public Named {
            addresses = List.copyOf(addresses);
        }
    }

    /// All addresses that a DNS name has, or all targets of its SRV records.
    ///
    /// @param name fully qualified: no search list is applied
    /// @param port of every node; 0 for SRV records, which name ports themselves
    /// @param atLeast how many addresses there must be before a cluster is founded
    record Dns(String name, int port, int atLeast) implements Discovery {}

    /// The pods of this node's namespace that have some labels, asked for with the pod's service
    /// account. They use the same cluster port as this node.
    ///
    /// @param labels a label selector, such as `app=fakta`
    /// @param atLeast how many pods there must be before a cluster is founded
    record Kubernetes(String labels, int atLeast) implements Discovery {}

    /// Nodes on a list that is kept somewhere else.
    ///
    /// @param atLeast how many nodes there must be before a cluster is founded
    record ByLookup(Lookup lookup, int atLeast) implements Discovery {}

    /// Reads `dns:NAME:PORT`, `dns:NAME` or `kubernetes:LABELS`.
    ///
    /// @throws IllegalArgumentException when it is something else
    static Discovery parse(String text, int atLeast) {
        Matcher dns = Pattern.compile("dns:([^:\\s]+)(?::([0-9]{1,5}))?").matcher(text);
        if (dns.matches()) {
            String port = dns.group(2);
            return new Dns(dns.group(1), port == null ? 0 : Integer.parseInt(port), atLeast);
        }
        Matcher kubernetes = Pattern.compile("kubernetes:(\\S+)").matcher(text);
        if (kubernetes.matches()) {
            return new Kubernetes(kubernetes.group(1), atLeast);
        }
        throw new IllegalArgumentException(
                "discover: dns:NAME:PORT, dns:NAME for SRV records, or kubernetes:LABELS, not '%s'"
                        .formatted(text));
    }
}
