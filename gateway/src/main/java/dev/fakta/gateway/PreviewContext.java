// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Versioned;
import java.time.Instant;
import java.util.Set;

/// What a processor may ask when a client only wants to see what would come of a request: nothing
/// is sent, so what it reads is noted nowhere.
///
/// @param now the time of the request
/// @param id of an aggregate that there is not and will not be
record PreviewContext(Node node, Instant now, String id, Set<String> permissions)
        implements Processor.Context {

    @Override
    public boolean permits(String permission) {
        return permissions.contains(permission);
    }

    @Override
    public <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
        Versioned<S> found = node.state(aggregate, id);
        return new Processor.Read<>(found.state(), found.revision());
    }
}
