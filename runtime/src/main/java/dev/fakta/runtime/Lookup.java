// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.io.IOException;
import java.util.List;

/// Asks for the nodes of a cluster where a list of them is kept: a name server, Kubernetes, a
/// registry of one's own.
@FunctionalInterface
public interface Lookup {

    /// The addresses of the nodes, `host:port`, where the host is an IP address. A thread of the
    /// node's start calls it, about once a second; it may wait for some seconds.
    ///
    /// @throws IOException when the list cannot be had now: it is asked for again
    List<String> look() throws IOException;
}
